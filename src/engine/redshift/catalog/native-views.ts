import { formatAddress } from '../../../sql/identifiers.ts'
import type { Session } from '../connection/session.ts'

/**
 * The materialized views that Redshift keeps itself, by address as SQL. To the rest of the catalog they are views. Asked
 * apart from it: the one is on the leader node, the other is not.
 */
export async function readNativeViews(session: Session): Promise<ReadonlySet<string>> {
  const rows = await session.query<{ schema: string; name: string }>(
    'select trim(schema_name) as schema, trim(name) as name from svv_mv_info where database_name = current_database()',
  )
  return new Set(rows.map(formatAddress))
}
