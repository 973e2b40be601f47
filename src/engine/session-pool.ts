/** What a pool has to know of a session. */
interface Poolable {
  /** Resolves with the error that ended the session, if one does; never rejects. */
  readonly lost: Promise<Error>
  end(): Promise<void>
}

/** Sessions that are opened when they are needed, and used again. */
export interface SessionPool<S extends Poolable> {
  /** Those that are open. */
  readonly sessions: ReadonlySet<S>
  using<T>(callback: (session: S) => Promise<T>): Promise<T>
  /** Never hands out this session again. */
  discard(session: S): void
  close(): Promise<void>
}

export function createSessionPool<S extends Poolable>(open: () => Promise<S>): SessionPool<S> {
  const idle: S[] = []
  const all = new Set<S>()

  async function openOne(): Promise<S> {
    const session = await open()
    all.add(session)
    void session.lost.then(() => all.delete(session))
    return session
  }

  return {
    sessions: all,
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
