import { setTimeout as sleep } from 'node:timers/promises'
import { asLoginRole } from '../connection/as-login-role.ts'
import type { Session } from '../connection/session.ts'

/** Milliseconds between two looks. */
const interval = 5

/** Watches one attempt to swap from a second session. */
export interface Monitor {
  /** Server processes that were seen in the way. */
  blockers: ReadonlySet<number>
  stop(): Promise<void>
}

/**
 * When somebody we wait for waits for us, the server would end one of the two after `deadlock_timeout`, and it might
 * be the reader. So the swap is cancelled at once, and tried again.
 */
export function watchSwap(session: Session, swapPid: number): Monitor {
  const blockers = new Set<number>()
  const stopped = new AbortController()
  const watching = (async () => {
    while (!stopped.signal.aborted) {
      const rows = await session.query<{ pid: number; waits: boolean }>(
        `select pid, $1 = any(pg_blocking_pids(pid)) as waits from unnest(pg_blocking_pids($1)) as pid`,
        [swapPid],
      )
      if (rows.some(({ waits }) => waits))
        await asLoginRole(session, `select pg_catalog.pg_cancel_backend(${swapPid})`)
      for (const { pid } of rows) blockers.add(pid)
      await sleep(interval, undefined, { signal: stopped.signal }).catch(() => undefined)
    }
  })()
    // A monitor that cannot look is no reason to fail: the lock budget still bounds the wait.
    .catch(() => undefined)
  return {
    blockers,
    async stop() {
      stopped.abort()
      await watching
    },
  }
}

/**
 * `joe (psql), 180 s in its transaction, server process 4711: select …`. What other roles do is hidden from an ordinary
 * role; who they are is not. A prepared transaction has no process: the server calls it 0.
 */
export async function describeBlockers(
  session: Session,
  pids: readonly number[],
): Promise<{ pid: number; blocker: string }[]> {
  if (pids.length === 0) return []
  return session.query<{ pid: number; blocker: string }>(
    `select pid, format('%s (%s), %sserver process %s: %s',
              coalesce(usename, backend_type), coalesce(nullif(application_name, ''), 'no application name'),
              round(extract(epoch from clock_timestamp() - xact_start))::text || ' s in its transaction, ', pid,
              left(regexp_replace(query, '\\s+', ' ', 'g'), 100)) as blocker
     from pg_stat_activity
     where pid = any($1) and (xact_start is not null or backend_type is null)
     union all
     select 0, format('prepared transaction %L of %s, %s s old', gid, owner,
              round(extract(epoch from clock_timestamp() - prepared))::text)
     from pg_prepared_xacts where 0 = any($1) and database = current_database()`,
    [pids],
  )
}
