/** Opens a session, and ends it whatever happens. */
export async function usingSession<S extends { end(): Promise<void> }, T>(
  open: () => Promise<S>,
  callback: (session: S) => Promise<T>,
): Promise<T> {
  const session = await open()
  try {
    return await callback(session)
  } finally {
    await session.end().catch(() => undefined)
  }
}
