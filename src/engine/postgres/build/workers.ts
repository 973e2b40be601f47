import type { Connector } from '../connection/connector.ts'
import { waitBriefly } from '../connection/giving-way.ts'
import type { Session } from '../connection/session.ts'
import { createSessionPool, type SessionPool } from '../../session-pool.ts'

/**
 * Held in share mode by every worker for as long as it lives. A worker outlives a client that was killed by
 * up to its current statement; the next run finds such orphans by this lock and ends them.
 */
export const workerLock = (lockKey: number): string => `select pg_advisory_lock_shared(${lockKey}, 1)`

/**
 * Sessions that build. Their commits need not wait for the disk: what a crash loses is a version that nobody has seen,
 * with its entry in the registry, and the swap's own commit writes all that went before it. (That of a REFRESH waits all the
 * same: it removes a file.)
 */
export function createWorkers(connector: Connector, lockKey: number): SessionPool<Session> {
  return createSessionPool(async () => {
    const session = await connector.open('build')
    await session.query(workerLock(lockKey))
    await waitBriefly(session)
    await session.query('set synchronous_commit = off')
    return session
  })
}
