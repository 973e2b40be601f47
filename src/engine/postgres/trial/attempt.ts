import { SqlError } from '../../../errors.ts'
import { errorCodeOf, isConnectionLoss } from '../../connection-loss.ts'
import { isInTheWay } from '../connection/giving-way.ts'
import type { Session } from '../connection/session.ts'
import { takingBack } from '../connection/transaction.ts'

/**
 * Within the transaction of a trial, which goes on as if nothing had been done. Locks are let go, of which there are
 * only so many.
 * @returns what was thrown; null: nothing was
 */
export async function attempt(session: Session, callback: () => Promise<unknown>): Promise<unknown> {
  try {
    await takingBack(session, callback)
    return null
  } catch (error) {
    if (isInTheWay(error) || isEnd(error)) throw error
    return error
  }
}

/** Of the trial, not of what is attempted: it is interrupted, or the connection is gone. */
export function isEnd(error: unknown): boolean {
  const code = error instanceof SqlError ? error.sqlState : errorCodeOf(error)
  return code === '57014' || isConnectionLoss(error)
}
