import { toError } from '../../errors.ts'
import { errorCodeOf } from '../connection-loss.ts'
import { givingWay, waitForAutovacuum } from './connection/giving-way.ts'
import type { Session } from './connection/session.ts'

/** Milliseconds for which it gives way to whoever has locked the table. */
const patience = 5000

/**
 * The server's answers when the constraint, its table or the schema is not there, when that is a view by now, and when
 * the constraint stands already.
 */
const gone = new Set(['42704', '42P01', '3F000', '42809', '42710'])

/** Validates a foreign key that the swap has made again, not validated; or makes one that a version had before. */
export async function followUp(
  session: Session,
  statement: string,
  signal: AbortSignal,
): Promise<'done' | 'gone' | { because: string }> {
  await session.query(waitForAutovacuum('session'))
  try {
    await givingWay(patience, signal, () => session.query(statement))
    return 'done'
  } catch (error) {
    if (signal.aborted) throw error
    return gone.has(errorCodeOf(error) ?? '') ? 'gone' : { because: toError(error).message }
  }
}
