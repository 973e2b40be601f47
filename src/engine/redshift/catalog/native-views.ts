import { formatAddress } from '../../../sql/identifiers.ts'
import type { Session } from '../connection/session.ts'

/**
 * The materialized views that Redshift keeps itself, by address as SQL. To the rest of the catalog they are views. Asked
 * apart from it: the one is on the leader node, the other is not.
 */
export async function readNativeViews(session: Session): Promise<ReadonlySet<string>> {
  const rows = await session.query<{ base: string; schema: string; name: string }>(
    'select trim(database_name) as base, trim(schema_name) as schema, trim(name) as name from svv_mv_info',
  )
  return new Set(rows.filter(({ base }) => base === session.client.database).map(formatAddress))
}
