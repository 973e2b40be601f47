/** As much of a session as a transaction needs. */
interface Asked {
  query(text: string): Promise<unknown>
}

/**
 * Commits what the callback did, or rolls it back and throws what it threw.
 * @param onCommit called before the commit is sent: from there on an error does not tell whether it was done
 */
export async function transaction<T>(
  session: Asked,
  begin: string,
  callback: () => Promise<T>,
  onCommit?: () => void,
): Promise<T> {
  await session.query(begin)
  try {
    const result = await callback()
    onCommit?.()
    await session.query('commit')
    return result
  } catch (error) {
    // A session that is lost cannot roll back; the server has done so.
    await session.query('rollback').catch(() => undefined)
    throw error
  }
}
