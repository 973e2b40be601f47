import { setTimeout as sleep } from 'node:timers/promises'
import type { Session } from './connection/session.ts'

/**
 * Waits for the transactions that may still look at what was before now.
 * @param patience milliseconds
 * @param own sessions of ours that end before it matters
 * @returns the process ids of those that are still there afterwards
 */
export async function waitForOlderTransactions(
  session: Session,
  patience: number,
  { own = new Set(), signal }: { own?: ReadonlySet<Session>; signal?: AbortSignal } = {},
): Promise<readonly number[]> {
  const deadline = Date.now() + patience
  const waitedFor = await readTransactions(session)
  const ownPids = new Set([...own].map(({ pid }) => pid))
  for (const [id, pid] of waitedFor) if (ownPids.has(pid)) waitedFor.delete(id)
  while (waitedFor.size > 0 && Date.now() < deadline) {
    await sleep(20, undefined, signal && { signal })
    const present = await readTransactions(session)
    for (const id of waitedFor.keys()) if (!present.has(id)) waitedFor.delete(id)
  }
  return [...new Set(waitedFor.values())]
}

/** By process and transaction. Of other roles an ordinary role sees only that they are in one, not whether it looks back. */
async function readTransactions(session: Session): Promise<Map<string, number>> {
  const rows = await session.query<{ id: string; pid: number }>(`
    select concat_ws(' ', a.pid, l.virtualtransaction) as id, a.pid
    from pg_stat_activity a join pg_locks l on l.pid = a.pid and l.locktype = 'virtualxid'
    where a.datname = current_database() and a.pid <> pg_backend_pid() and a.usename is not null
      and (a.backend_type is null or a.backend_type = 'client backend' and a.backend_xmin is not null)`)
  return new Map(rows.map(({ id, pid }) => [id, pid]))
}
