import type { SwappedIds } from '../../engine.ts'
import type { Session } from '../connection/session.ts'

/** Autovacuum yields only to who waits for `deadlock_timeout`, and the swap never waits that long. */
export async function cancelAutovacuum(session: Session, swapped: readonly SwappedIds[]): Promise<void> {
  const ids = swapped.flatMap(({ comingId, goingId }) => [comingId, goingId]).filter((id) => id !== null)
  await session
    .query(
      `select pg_cancel_backend(a.pid)
       from pg_stat_activity a join pg_locks l on l.pid = a.pid
       where a.backend_type = 'autovacuum worker' and l.locktype = 'relation' and l.relation = any($1::oid[])`,
      [ids],
    )
    // Not every role may do this; then the attempt waits, and is made again.
    .catch(() => undefined)
}
