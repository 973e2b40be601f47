import { formatAddress, type Address } from '../../../sql/identifiers.ts'
import type { Session } from '../connection/session.ts'
import { readNativeViews } from './native-views.ts'

/** A view that is bound to a relation: when that is renamed, it goes on reading it. */
export interface Dependent extends Address {
  id: number
  /** Object id of what it reads. */
  relation: number
  owner: string
  isNative: boolean
  /** Its select, as the server prints it, without a semicolon. */
  definition: string
}

/**
 * The views that read these relations themselves. Late-binding ones, which look names up when they are read, are not
 * among them. Definitions carry the schemas that are not on the search path: it should hold none.
 */
export async function readDependents(session: Session, ids: readonly number[]): Promise<Dependent[]> {
  if (ids.length === 0) return []
  const rows = await session.query<Omit<Dependent, 'isNative' | 'definition'>>(
    `select distinct read.oid as relation, reader.oid as id, n.nspname as schema, reader.relname as name,
            pg_get_userbyid(reader.relowner) as owner
     from pg_class read
     ${rulesOn('read', 'reader')}
     join pg_namespace n on n.oid = reader.relnamespace
     where read.oid in (${ids.join(', ')}) and reader.oid <> read.oid
     order by 2`,
  )
  if (rows.length === 0) return []
  const native = await readNativeViews(session)
  const definitions = await readDefinitions(
    session,
    rows.map((row) => row.id),
  )
  return rows
    .map((row) => ({
      ...row,
      isNative: native.has(formatAddress(row)),
      definition: definitions.get(row.id) ?? '',
    }))
    .filter(({ definition }) => !isLateBinding(definition))
}

/** From what is read, over the rules of views, to the views that read it. */
export const rulesOn = (read: string, reader: string): string =>
  `join pg_depend used on used.refobjid = ${read}.oid and used.refclassid = 'pg_class'::regclass
     join pg_depend owned on owned.objid = used.objid and owned.classid = used.classid and owned.deptype = 'i'
     join pg_class ${reader} on ${reader}.oid = owned.refobjid and ${reader}.relkind = 'v'`

async function readDefinitions(
  session: Session,
  ids: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const rows = await session.query<{ id: number; definition: string | null }>(
    `select c.oid as id, pg_get_viewdef(c.oid) as definition from pg_class c where c.oid in (${ids.join(', ')})`,
  )
  return new Map(rows.map(({ id, definition }) => [id, (definition ?? '').trim().replace(/;$/, '')]))
}

/** Only the text of the definition tells. */
const isLateBinding = (definition: string): boolean => /\bwith\s+no\s+schema\s+binding\s*$/i.test(definition)
