import { DatabaseError } from 'pg'
import { toError } from '../../errors.ts'
import type { FollowUpResult } from '../engine.ts'
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

/** And when the other table has no such key any more, or none of the columns, or one of another type. */
const lost = new Set(['42830', '42703', '42804'])

/** Validates a foreign key that the swap has made again, not validated; or makes one that a version had before. */
export async function followUp(
  session: Session,
  statement: string,
  signal: AbortSignal,
): Promise<FollowUpResult> {
  await session.query(waitForAutovacuum('session'))
  try {
    await givingWay(patience, signal, () => session.query(statement))
    return 'done'
  } catch (error) {
    if (signal.aborted) throw error
    const code = errorCodeOf(error) ?? ''
    const isLost = lost.has(code) || isAboutOther(error)
    if (gone.has(code) && !isLost) return 'gone'
    return { because: toError(error).message, isLost }
  }
}

/** It is the table that is referred to which is a view by now. */
const isAboutOther = (error: unknown): boolean =>
  error instanceof DatabaseError && error.code === '42809' && error.routine === 'ATAddForeignKeyConstraint'
