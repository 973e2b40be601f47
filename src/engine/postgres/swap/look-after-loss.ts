import { setTimeout as sleep } from 'node:timers/promises'
import { formatAddress } from '../../../sql/identifiers.ts'
import type { Connector } from '../connection/connector.ts'
import type { PreparedSwap } from './prepare-swap.ts'

/** How long to look, and how often, in milliseconds. */
const patience = { total: 30_000, between: 500 }

/**
 * The connection broke during the swap, so it may have been committed or not. Once the server process that ran it
 * is gone, the catalog tells.
 */
export async function lookAfterLoss(
  connector: Connector,
  prepared: PreparedSwap,
  swapPid: number,
): Promise<'swapped' | 'not swapped' | 'unknown'> {
  const deadline = Date.now() + patience.total
  while (Date.now() < deadline) {
    try {
      return await connector.using('look', async (session) => {
        while ((await session.query('select from pg_stat_activity where pid = $1', [swapPid])).length > 0) {
          if (Date.now() >= deadline) return 'unknown'
          await sleep(patience.between)
        }
        const [row] = await session.query<{ swapped: boolean }>(
          `select bool_and(to_regclass(name)::oid is not distinct from id) as swapped
           from unnest($1::text[], $2::oid[]) as expected(name, id)`,
          [
            prepared.moves.map((move) => formatAddress(move.live)),
            prepared.moves.map((move) => move.coming?.id ?? null),
          ],
        )
        return row?.swapped ? 'swapped' : 'not swapped'
      })
    } catch {
      await sleep(patience.between)
    }
  }
  return 'unknown'
}
