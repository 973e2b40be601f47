import { formatAddress } from '../../sql/identifiers.ts'
import { errorCodeOf } from '../connection-loss.ts'
import { dropEach, type Dropped } from '../drop-each.ts'
import type { DropOptions, DropResult, Leftover } from '../engine.ts'
import { readRelations, type Relation } from './catalog/relations.ts'
import { isConflict, isInTheWay } from './conflict.ts'
import type { Session } from './connection/session.ts'

/** A drop waits for readers; less than this, in milliseconds, and it would not get its turn. */
const shortestWait = 1000

/**
 * Drops what duro made, each in a transaction of its own. Never CASCADE. Only what is registered and stands where it was
 * put is touched.
 */
export async function dropLeftovers(
  session: Session,
  leftovers: readonly Leftover[],
  { waitFor }: DropOptions,
): Promise<DropResult> {
  if (leftovers.length === 0) return { dropped: [], gone: [], kept: [] }
  const found = await readRelations(
    session,
    leftovers.map(({ address }) => address),
  )
  await session.query(`set statement_timeout to ${Math.max(waitFor, shortestWait)}`)
  return dropEach(leftovers, async (leftover) => {
    const relation = found.get(formatAddress(leftover.address))
    return relation?.id === leftover.id ? dropOne(session, relation) : 'gone'
  })
}

async function dropOne(session: Session, relation: Relation): Promise<Dropped> {
  try {
    await session.query(`drop ${relation.kind} ${formatAddress(relation)}`)
    return 'dropped'
  } catch (error) {
    const isNeeded = errorCodeOf(error) === '2BP01' || /other objects depend on it/i.test(String(error))
    if (isNeeded) return 'built on'
    if (isInTheWay(error) || isConflict(error)) return { because: 'it is still being read' }
    throw error
  }
}
