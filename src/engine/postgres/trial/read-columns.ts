import { formatAddress, type Address } from '../../../sql/identifiers.ts'
import type { Session } from '../connection/session.ts'
import type { Column } from '../../compare-columns.ts'

export interface RelationColumns {
  id: number
  columns: readonly Column[]
}

/** By address as SQL; an address without a relation has no entry. */
export async function readColumns(
  session: Session,
  addresses: readonly Address[],
): Promise<ReadonlyMap<string, RelationColumns>> {
  const rows = await session.query<{ schema: string; name: string; id: number; columns: Column[] | null }>(
    `select n.nspname::text as schema, c.relname::text as name, c.oid::bigint::float8 as id,
            (select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod))
                             order by a.attnum)
             from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
     from unnest($1::text[], $2::text[]) as wanted(schema_name, relation_name)
     join pg_namespace n on n.nspname = wanted.schema_name
     join pg_class c on c.relnamespace = n.oid and c.relname = wanted.relation_name`,
    [addresses.map((address) => address.schema), addresses.map((address) => address.name)],
  )
  return new Map(rows.map((row) => [formatAddress(row), { id: row.id, columns: row.columns ?? [] }]))
}

/** As SQL that prints JSON. @param id as SQL */
export const columnsOf = (id: string): string =>
  `(select json_agg(json_build_object('name', attname, 'type', format_type(atttypid, atttypmod)) order by attnum)
    from pg_attribute where attrelid = ${id} and attnum > 0 and not attisdropped)`
