import { DuroError } from '../../../errors.ts'
import { formatAddress, type Address } from '../../../sql/identifiers.ts'
import type { SourceName } from '../../engine.ts'
import type { Connector } from '../connection/connector.ts'
import type { Session } from '../connection/session.ts'

/** The moment at which a run reads its sources, held open by a session of its own. */
export interface Snapshot {
  session: Session
  /** For `set transaction snapshot`. */
  id: string
  release(): Promise<void>
}

/**
 * Exports a snapshot. Before that it locks the sources in the weakest mode, as pg_dump does: a TRUNCATE or a
 * rewriting ALTER after the export would make the builders read no rows, in silence, and now waits instead.
 * LOCK TABLE itself takes no snapshot, so what was truncated before is seen as truncated.
 */
export async function exportSnapshot(
  connector: Connector,
  sources: readonly SourceName[],
): Promise<Snapshot> {
  const session = await connector.open('snapshot')
  try {
    const lockable = await findLockable(session, sources)
    await session.query('begin isolation level repeatable read read only')
    if (lockable.length > 0) {
      await session.query(`lock table ${lockable.map(formatAddress).join(', ')} in access share mode`)
    }
    const [row] = await session.query<{ id: string }>('select pg_export_snapshot() as id')
    if (row === undefined) throw new DuroError('internal', 'the server exported no snapshot')
    return { session, id: row.id, release: () => session.end().catch(() => undefined) }
  } catch (error) {
    await session.end().catch(() => undefined)
    throw error
  }
}

/** LOCK TABLE takes tables, and views with what they read; the role has to be allowed to read them. */
async function findLockable(session: Session, sources: readonly SourceName[]): Promise<Address[]> {
  return session.query<{ schema: string; name: string }>(
    `select distinct n.nspname as schema, c.relname as name
     from unnest($1::text[], $2::text[]) as source(schema_name, relation_name)
     join pg_class c on c.oid = to_regclass(concat_ws('.', quote_ident(schema_name), quote_ident(relation_name)))
     join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p', 'v')
       and n.nspname not in ('pg_catalog', 'information_schema')
       and has_table_privilege(c.oid, 'select')
     order by 1, 2`,
    [sources.map((source) => source.schema), sources.map((source) => source.name)],
  )
}
