import { setTimeout as sleep } from 'node:timers/promises'
import { SqlError } from '../../../errors.ts'
import { errorCodeOf } from '../../connection-loss.ts'
import type { Session } from './session.ts'

/** Milliseconds between two tries: the first pause at most, and the longest. */
const pause = { first: 100, longest: 1000 }

/**
 * Lets a session wait for a lock for less than `deadlock_timeout`. Whoever loads the sources may wait for what we
 * have locked while we wait for him; with this it is always we who give way, and he never gets the error.
 */
export async function waitBriefly(session: Session): Promise<void> {
  await session.query(
    `select set_config('lock_timeout', (setting::integer * 8 / 10)::text, false)
     from pg_settings where name = 'deadlock_timeout'`,
  )
}

/**
 * Lets a session, or its transaction alone, wait long enough for the server to end an autovacuum that is in the way. For
 * one that has locked nothing that others need.
 */
export const waitForAutovacuum = (reach: 'session' | 'transaction'): string =>
  `select set_config('lock_timeout', (setting::integer * 2)::text, ${reach === 'transaction'})
   from pg_settings where name = 'deadlock_timeout'`

/** Somebody holds a lock that we need, and may be waiting for one of ours. */
export function isInTheWay(error: unknown): boolean {
  const code = error instanceof SqlError ? error.sqlState : errorCodeOf(error)
  return code === '55P03' || code === '40P01'
}

/**
 * Tries again, from a transaction that let go of everything, as long as somebody is in the way.
 * @param patience milliseconds after which the error is thrown
 */
export async function givingWay<T>(
  patience: number,
  signal: AbortSignal,
  attempt: () => Promise<T>,
): Promise<T> {
  const deadline = Date.now() + patience
  for (let tries = 0; ; tries++) {
    try {
      return await attempt()
    } catch (error) {
      if (!isInTheWay(error) || Date.now() >= deadline) throw error
      const longest = Math.min(pause.first * 2 ** Math.min(tries, 10), pause.longest)
      await sleep(longest * (0.5 + Math.random() / 2), undefined, { signal }).catch(() =>
        signal.throwIfAborted(),
      )
    }
  }
}
