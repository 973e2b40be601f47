import { formatAddress } from '../../sql/identifiers.ts'
import type { DropOptions, DropResult, Leftover } from '../engine.ts'
import { errorCodeOf } from '../connection-loss.ts'
import { dropEach, type Dropped } from '../drop-each.ts'
import type { Connector } from './connection/connector.ts'
import type { Session } from './connection/session.ts'
import { findLeftovers, type FoundLeftover } from './catalog/find-leftovers.ts'
import { waitForOlderTransactions } from './older-transactions.ts'
import { relationKind } from './relation-kind.ts'

/** The server's answers when a relation is still needed: others depend on it, or hold it locked. */
const stillNeeded = new Set(['2BP01', '55P03', '57014'])

/**
 * Drops what duro made, each in a transaction of its own. Never CASCADE. Only what is registered, stands where it was
 * put, and carries duro's mark is touched.
 */
export async function dropLeftovers(
  connector: Connector,
  leftovers: readonly Leftover[],
  options: DropOptions,
): Promise<DropResult> {
  // Not even a session: a run may have failed because there was none to have.
  if (leftovers.length === 0) return { dropped: [], gone: [], kept: [] }
  return connector.using('drop', (session) => drop(session, leftovers, options))
}

async function drop(
  session: Session,
  leftovers: readonly Leftover[],
  options: DropOptions,
): Promise<DropResult> {
  const found = await findLeftovers(session, leftovers)
  // A transaction that began before the swap, a pg_dump above all, may still be about to open what was live then.
  if (options.waitFor > 0) await waitForOlderTransactions(session, options.waitFor)
  await session.query(`set lock_timeout = ${Math.max(options.waitFor, 1)}`)
  try {
    return await dropEach(leftovers, async (leftover) => {
      const relation = found.get(leftover.id)
      if (relation === undefined) return 'gone'
      if (!relation.isOurs) return { because: 'it does not carry the mark of duro any more' }
      return dropOne(session, relation)
    })
  } finally {
    await session.query('set lock_timeout = 0').catch(() => undefined)
  }
}

async function dropOne(session: Session, relation: FoundLeftover): Promise<Dropped> {
  const kind = relationKind(relation.kind)
  if (kind === null) return { because: 'it is no relation that duro makes' }
  try {
    await session.query(`drop ${kind} ${formatAddress(relation)}`)
    return 'dropped'
  } catch (error) {
    if (!stillNeeded.has(errorCodeOf(error) ?? '')) throw error
    return errorCodeOf(error) === '2BP01' ? 'built on' : { because: 'it is still being read' }
  }
}
