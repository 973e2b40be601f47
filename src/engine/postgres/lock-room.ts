import { DuroError } from '../../errors.ts'
import type { Session } from './connection/session.ts'

/** The server's table of locks. Some more fit in while others use little of its shared memory. */
export interface LockRoom {
  locks: number
  /** Among which the setting multiplies it. */
  sessions: number
}

/**
 * A swap locks every relation that it moves, and every one that depends on them, until it commits.
 * @param needed locks, at the least
 * @throws DuroError
 */
export async function refuseWithoutLocks(session: Session, needed: number): Promise<void> {
  const [room] = await session.query<LockRoom & Record<string, unknown>>(
    `select locks * sessions as locks, sessions
     from (select current_setting('max_locks_per_transaction')::float8 as locks,
                  current_setting('max_connections')::float8
                    + current_setting('max_prepared_transactions')::float8 as sessions) as settings`,
  )
  if (room !== undefined && needed > room.locks) throw tooManyLocks(needed, room)
}

export function tooManyLocks(needed: number, { locks, sessions }: LockRoom): DuroError {
  return new DuroError(
    'preflight',
    `to publish all of them at once takes ${needed} locks, and the server has room for ${locks}`,
    {
      hint:
        `Set max_locks_per_transaction to ${Math.ceil((needed * 1.5) / sessions)} or more and restart the server, ` +
        'or refresh fewer views at a time.',
    },
  )
}
