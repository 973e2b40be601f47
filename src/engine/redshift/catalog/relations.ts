import { appendTo } from '../../../append-to.ts'
import { formatAddress, type Address } from '../../../sql/identifiers.ts'
import type { Column } from '../../compare-columns.ts'
import type { Session } from '../connection/session.ts'
import { literals } from '../literals.ts'
import { readNativeViews } from './native-views.ts'

/** What `create`, `alter` and `drop` call a kind of relation. A native materialized view is told apart from a view. */
export type RelationKind = 'table' | 'view' | 'materialized view'

export interface RelationColumn extends Column {
  comment: string | null
}

/** A relation, as the catalog has it. */
export interface Relation extends Address {
  id: number
  kind: RelationKind
  owner: string
  comment: string | null
}

export type RelationWithColumns = Relation & { columns: readonly RelationColumn[] }

/** By address as SQL; an address without a relation has no entry. Reads the leader node's catalog only. */
export async function readRelations(
  session: Session,
  addresses: readonly Address[],
): Promise<ReadonlyMap<string, Relation>> {
  if (addresses.length === 0) return new Map()
  const wanted = new Set(addresses.map(formatAddress))
  const rows = await session.query<Relation & { relkind: string }>(
    `select c.oid as id, n.nspname as schema, c.relname as name, c.relkind as relkind,
            pg_get_userbyid(c.relowner) as owner, d.description as comment
     from pg_class c
     join pg_namespace n on n.oid = c.relnamespace
     left join pg_description d on d.objoid = c.oid and d.objsubid = 0 and d.classoid = 'pg_class'::regclass
     where n.nspname in (${literals(addresses.map(({ schema }) => schema))})
       and c.relname in (${literals(addresses.map(({ name }) => name))})
       and c.relkind in ('r', 'v')`,
  )
  const found = rows.filter((row) => wanted.has(formatAddress(row)))
  const native = found.some(({ relkind }) => relkind === 'v') ? await readNativeViews(session) : new Set()
  return new Map(
    found.map(({ relkind, ...row }): [string, Relation] => {
      const address = formatAddress(row)
      const kind = relkind === 'r' ? 'table' : native.has(address) ? 'materialized view' : 'view'
      return [address, { ...row, kind }]
    }),
  )
}

/** The same with what is known of the columns. */
export async function readWithColumns(
  session: Session,
  addresses: readonly Address[],
): Promise<ReadonlyMap<string, RelationWithColumns>> {
  const relations = await readRelations(session, addresses)
  const columns = await readColumns(
    session,
    [...relations.values()].map(({ id }) => id),
  )
  return new Map(
    [...relations].map(([address, relation]) => [
      address,
      { ...relation, columns: columns.get(relation.id) ?? [] },
    ]),
  )
}

/** In their order, by object id. A late-binding view has none. */
export async function readColumns(
  session: Session,
  ids: readonly number[],
): Promise<ReadonlyMap<number, readonly RelationColumn[]>> {
  const columns = new Map<number, RelationColumn[]>()
  if (ids.length === 0) return columns
  const rows = await session.query<RelationColumn & { relation: number }>(
    `select a.attrelid as relation, a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
            d.description as comment
     from pg_attribute a
     left join pg_description d
       on d.objoid = a.attrelid and d.objsubid = a.attnum and d.classoid = 'pg_class'::regclass
     where a.attrelid in (${ids.join(', ')}) and a.attnum > 0 and not a.attisdropped
     order by a.attrelid, a.attnum`,
  )
  for (const { relation, ...column } of rows) {
    appendTo(columns, relation, column)
  }
  return columns
}
