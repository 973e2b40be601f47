import type { Session } from './session.ts'

/** Commits what the callback did, or rolls it back and throws what it threw. */
export async function transaction<T>(
  session: Session,
  begin: string,
  callback: () => Promise<T>,
): Promise<T> {
  await session.query(begin)
  try {
    const result = await callback()
    await session.query('commit')
    return result
  } catch (error) {
    // A session that is lost cannot roll back; the server has done so.
    await session.query('rollback').catch(() => undefined)
    throw error
  }
}

/** Definitions that the catalog prints then carry every schema. */
export const withQualifiedNames = <T>(session: Session, callback: () => Promise<T>): Promise<T> =>
  transaction(session, "begin read only; set local search_path = ''", callback)
