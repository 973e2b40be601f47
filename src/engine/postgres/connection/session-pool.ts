import type { Session } from './session.ts'

/** Sessions that are opened when they are needed, and used again. */
export interface SessionPool {
  using<T>(callback: (session: Session) => Promise<T>): Promise<T>
  /** Never hands out this session again. */
  discard(session: Session): void
  close(): Promise<void>
}

export function createSessionPool(open: () => Promise<Session>): SessionPool {
  const idle: Session[] = []
  const all = new Set<Session>()

  async function openOne(): Promise<Session> {
    const session = await open()
    all.add(session)
    void session.lost.then(() => all.delete(session))
    return session
  }

  return {
    async using(callback) {
      const session = idle.pop() ?? (await openOne())
      try {
        return await callback(session)
      } finally {
        if (all.has(session)) idle.push(session)
      }
    },
    discard(session) {
      all.delete(session)
      session.end().catch(() => undefined)
    },
    async close() {
      await Promise.all([...all].map((session) => session.end().catch(() => undefined)))
    },
  }
}
