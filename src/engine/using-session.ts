interface Endable {
  end(): Promise<void>
}

/** Opens a session, and ends it whatever happens. */
export const usingSession = <S extends Endable, T>(
  open: () => Promise<S>,
  callback: (session: S) => Promise<T>,
): Promise<T> => usingSessions([open()], ([session]) => callback(session))

/** The same for several that are opened, and ended, at the same time. */
export async function usingSessions<S extends readonly Promise<Endable | null>[], T>(
  opening: readonly [...S],
  callback: (sessions: { -readonly [At in keyof S]: Awaited<S[At]> }) => Promise<T>,
): Promise<T> {
  try {
    return await callback(await Promise.all(opening))
  } finally {
    await Promise.allSettled(opening.map(async (session) => (await session)?.end()))
  }
}
