import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { DuroError } from '../../errors.ts'
import type { LockOptions } from '../engine.ts'
import { errorCodeOf } from '../connection-loss.ts'
import { terminate } from './connection/as-login-role.ts'
import type { Connector } from './connection/connector.ts'
import type { Session } from './connection/session.ts'

/** Milliseconds between two tries to get the lock. */
const pollInterval = 500

/** One key per state schema, a positive int4; advisory locks are apart per database already. */
export function lockKeyOf(stateSchema: string): number {
  return createHash('sha256').update(`duro run lock ${stateSchema}`).digest().readUInt32BE(0) >>> 1
}

/** The lock is held by a session: when this process dies, however it dies, the server lets go of it. */
export async function usingRunLock<T>(
  connector: Connector,
  lockKey: number,
  options: LockOptions,
  callback: (lockHolder: Session) => Promise<T>,
): Promise<T> {
  return connector.using(options.label, async (session) => {
    await acquire(session, lockKey, options)
    await endOrphans(session, lockKey, options)
    return callback(session)
  })
}

async function acquire(session: Session, lockKey: number, options: LockOptions): Promise<void> {
  const deadline = Date.now() + options.wait
  let announced = false
  for (;;) {
    const [row] = await session.query<{ held: boolean }>('select pg_try_advisory_lock($1::int, 0) as held', [
      lockKey,
    ])
    if (row?.held) return
    const holder = await describeHolder(session, lockKey)
    if (Date.now() >= deadline) {
      throw new DuroError('locked', `another run holds the lock: ${holder}`, {
        hint: 'Wait for it with --wait 10m, or try again later.',
      })
    }
    if (!announced) options.emit({ type: 'waiting-for-lock', holder })
    announced = true
    await sleep(Math.min(pollInterval, Math.max(deadline - Date.now(), 0)), undefined, {
      signal: options.signal,
    }).catch(() => options.signal.throwIfAborted())
  }
}

async function describeHolder(session: Session, lockKey: number): Promise<string> {
  const [holder] = await session.query<{
    pid: number
    application: string
    user_name: string
    host: string
    age: string
  }>(
    `select a.pid, a.application_name as application, a.usename as user_name,
            coalesce(a.client_hostname, host(a.client_addr), 'this machine') as host,
            date_trunc('second', clock_timestamp() - a.backend_start)::text as age
     from pg_locks l join pg_stat_activity a on a.pid = l.pid
     where l.locktype = 'advisory' and l.classid = $1::bigint::oid and l.objid = 0 and l.objsubid = 2
       and l.granted and l.database = (select oid from pg_database where datname = current_database())`,
    [lockKey],
  )
  if (holder === undefined) return 'it has just ended'
  return `"${holder.application}" by ${holder.user_name} from ${holder.host}, for ${holder.age} (server process ${holder.pid})`
}

/** Milliseconds in which a server ends a statement whose client is gone, if it looks after its clients, and some more. */
const orphansEndWithin = 5000

/**
 * Workers of a run whose client was killed go on with their statement, while the run lock is free already.
 * They hold the worker lock: whoever holds the run lock ends them. Those of a login that this one has no power over, as
 * where a store of secrets makes a login for each run, are ended by the server when it finds their client gone.
 */
async function endOrphans(session: Session, lockKey: number, options: LockOptions): Promise<void> {
  for (const { pid } of await readOrphans(session, lockKey)) {
    try {
      await terminate(session, pid)
    } catch (error) {
      if (errorCodeOf(error) !== '42501') throw error
      // Its own rights may reach further than those of the login.
      await session.query('select pg_terminate_backend($1)', [pid]).catch(() => undefined)
    }
  }
  const deadline = Date.now() + Math.max(orphansEndWithin, options.wait)
  for (;;) {
    // Exclusive for a moment: granted when the last of them has gone.
    const [row] = await session.query<{ gone: boolean }>(
      'select case when pg_try_advisory_lock($1::int, 1) then pg_advisory_unlock($1::int, 1) else false end as gone',
      [lockKey],
    )
    if (row?.gone) return
    if (Date.now() >= deadline) throw stillAtWork(await readOrphans(session, lockKey))
    await sleep(20, undefined, { signal: options.signal }).catch(() => options.signal.throwIfAborted())
  }
}

interface Orphan {
  pid: number
  user_name: string | null
}

const readOrphans = (session: Session, lockKey: number): Promise<(Orphan & Record<string, unknown>)[]> =>
  session.query(
    `select l.pid, a.usename::text as user_name
     from pg_locks l left join pg_stat_activity a on a.pid = l.pid
     where l.locktype = 'advisory' and l.classid = $1::bigint::oid and l.objid = 1 and l.objsubid = 2
       and l.database = (select oid from pg_database where datname = current_database())
       and l.pid <> pg_backend_pid()`,
    [lockKey],
  )

function stillAtWork(orphans: readonly Orphan[]): DuroError {
  const users = [...new Set(orphans.map(({ user_name }) => user_name ?? 'another role'))]
  const pids = orphans.map(({ pid }) => pid)
  return new DuroError(
    'locked',
    `a run that was killed is still at work on the server, as ${users.join(', ')} (server process ${pids.join(', ')})`,
    {
      hint:
        `This role may not end it. Try again later, or let that role or an administrator run: ` +
        pids.map((pid) => `select pg_terminate_backend(${pid});`).join(' '),
    },
  )
}
