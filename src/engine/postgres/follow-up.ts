import { toError } from '../../errors.ts'
import { errorCodeOf } from '../connection-loss.ts'
import { givingWay, waitBriefly } from './connection/giving-way.ts'
import type { Session } from './connection/session.ts'

/** Milliseconds for which it gives way to whoever has locked the table. */
const patience = 5000

/** The server's answers when the constraint, its table or the schema is not there. */
const gone = new Set(['42704', '42P01', '3F000'])

/** Validates a foreign key that the swap has made again, not validated. */
export async function followUp(
  session: Session,
  statement: string,
): Promise<'done' | 'gone' | { because: string }> {
  await waitBriefly(session)
  try {
    await givingWay(patience, new AbortController().signal, () => session.query(statement))
    return 'done'
  } catch (error) {
    return gone.has(errorCodeOf(error) ?? '') ? 'gone' : { because: toError(error).message }
  }
}
