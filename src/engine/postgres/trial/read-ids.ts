import { type Address, formatAddress } from '../../../sql/identifiers.ts'
import { parametersFor, relationsAt } from '../catalog/relations-at.ts'
import type { Session } from '../connection/session.ts'

/** The object ids of relations, by their addresses as SQL. */
export async function readIds(
  session: Session,
  addresses: readonly Address[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await session.query<Address & { id: number }>(
    `select n.nspname::text as schema, c.relname::text as name, c.oid::bigint::float8 as id from ${relationsAt}`,
    parametersFor(addresses),
  )
  return new Map(rows.map((row) => [formatAddress(row), row.id]))
}
