import { setTimeout as sleep } from 'node:timers/promises'
import { formatAddress } from '../../../sql/identifiers.ts'
import { transaction } from '../../transaction.ts'
import { readRelations } from '../catalog/relations.ts'
import type { Connector } from '../connection/connector.ts'
import type { PreparedSwap } from './prepare-swap.ts'

/** How long to look, and how often, in milliseconds. */
const patience = { total: 30_000, between: 500 }

/**
 * The answer to the commit was lost, or an error, so the swap may have been committed or not. The swap holds the table of the run lock:
 * once that can be locked the swap is over, and the relation under each live name tells.
 */
export async function lookAfterLoss(
  connector: Connector,
  { claim, moves }: PreparedSwap,
): Promise<'swapped' | 'not swapped' | 'unknown'> {
  const deadline = Date.now() + patience.total
  while (Date.now() < deadline) {
    try {
      return await connector.using(async (session) => {
        await session.query(`set statement_timeout to ${Math.max(deadline - Date.now(), 1)}`)
        await transaction(session, 'begin', () => session.query(`lock ${formatAddress(claim.table)}`))
        const live = await readRelations(
          session,
          moves.map((move) => move.live),
        )
        const isSwapped = moves.every(
          (move) => (live.get(formatAddress(move.live))?.id ?? null) === (move.coming?.id ?? null),
        )
        return isSwapped ? 'swapped' : 'not swapped'
      })
    } catch {
      await sleep(patience.between)
    }
  }
  return 'unknown'
}
