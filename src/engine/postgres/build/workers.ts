import type { Connector } from '../connection/connector.ts'
import { waitBriefly } from '../connection/giving-way.ts'
import type { Session } from '../connection/session.ts'
import { createSessionPool, type SessionPool } from '../../session-pool.ts'

/**
 * Held in share mode by every worker for as long as it lives. A worker outlives a client that was killed by
 * up to its current statement; the next run finds such orphans by this lock and ends them.
 */
export const workerLock = (lockKey: number): string => `select pg_advisory_lock_shared(${lockKey}, 1)`

/** Sessions that build. */
export function createWorkers(connector: Connector, lockKey: number): SessionPool<Session> {
  return createSessionPool(async () => {
    const session = await connector.open('build')
    await session.query(workerLock(lockKey))
    await waitBriefly(session)
    return session
  })
}
