import type { Connector } from '../connection/connector.ts'
import type { Session } from '../connection/session.ts'

/** Sessions that build, opened when they are needed and used again. */
export interface Workers {
  using<T>(callback: (session: Session) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/**
 * Held in share mode by every worker for as long as it lives. A worker outlives a client that was killed by
 * up to its current statement; the next run finds such orphans by this lock and ends them.
 */
export const workerLock = (lockKey: number): string => `select pg_advisory_lock_shared(${lockKey}, 1)`

export function createWorkers(connector: Connector, lockKey: number): Workers {
  const idle: Session[] = []
  const all = new Set<Session>()

  async function open(): Promise<Session> {
    const session = await connector.open('build')
    all.add(session)
    void session.lost.then(() => all.delete(session))
    await session.query(workerLock(lockKey))
    return session
  }

  return {
    async using(callback) {
      const session = idle.pop() ?? (await open())
      try {
        return await callback(session)
      } finally {
        if (all.has(session)) idle.push(session)
      }
    },
    async close() {
      await Promise.all([...all].map((session) => session.end().catch(() => undefined)))
    },
  }
}
