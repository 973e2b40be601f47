import { formatAddress } from '../../sql/identifiers.ts'
import { errorCodeOf } from '../connection-loss.ts'
import type { DropOptions, DropResult, Leftover } from '../engine.ts'
import { readRelations, type Relation } from './catalog/relations.ts'
import { isConflict, isInTheWay } from './conflict.ts'
import type { Session } from './connection/session.ts'

/** A drop waits for readers; less than this, in milliseconds, and it would not get its turn. */
const shortestWait = 1000

/**
 * Drops what duro made, each in a transaction of its own, what was made last first: it may depend on what was made
 * before. Never CASCADE. Only what is registered and stands where it was put is touched.
 */
export async function dropLeftovers(
  session: Session,
  leftovers: readonly Leftover[],
  { waitFor }: DropOptions,
): Promise<DropResult> {
  const result = {
    dropped: [] as Leftover[],
    gone: [] as Leftover[],
    kept: [] as { leftover: Leftover; because: string }[],
  }
  if (leftovers.length === 0) return result
  const found = await readRelations(
    session,
    leftovers.map(({ address }) => address),
  )
  await session.query(`set statement_timeout to ${Math.max(waitFor, shortestWait)}`)
  for (const leftover of leftovers.toSorted((one, other) => other.id - one.id)) {
    const relation = found.get(formatAddress(leftover.address))
    if (relation?.id !== leftover.id) result.gone.push(leftover)
    else {
      const because = await dropOne(session, relation)
      if (because === null) result.dropped.push(leftover)
      else result.kept.push({ leftover, because })
    }
  }
  return result
}

/** @returns why it could not be dropped, or null */
async function dropOne(session: Session, relation: Relation): Promise<string | null> {
  try {
    await session.query(`drop ${relation.kind} ${formatAddress(relation)}`)
    return null
  } catch (error) {
    const isNeeded = errorCodeOf(error) === '2BP01' || /other objects depend on it/i.test(String(error))
    if (isNeeded) return 'something was built on it'
    if (isInTheWay(error) || isConflict(error)) return 'it is still being read'
    throw error
  }
}
