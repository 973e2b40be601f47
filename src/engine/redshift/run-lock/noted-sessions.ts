import { foldIdentifier, formatAddress, type Address } from '../../../sql/identifiers.ts'
import { quoteRedshiftLiteral as literal } from '../../../sql/redshift/quote-literal.ts'
import type { Session } from '../connection/session.ts'
import type { Claim } from './lease.ts'

/** Beside the table of the lock: the sessions that build for the run that holds it. */
export const sessionsTable = ({ schema }: Address): Address => ({ schema, name: 'run_sessions' })

export const createSessionsTable = (table: Address): string =>
  `create table ${formatAddress(table)} (owner varchar(64) not null, pid bigint not null, noted_at timestamp not null)`

/** For a session in UTC, as the server's own times of sessions are. */
export const noteStatement = ({ table, owner }: Pick<Claim, 'table' | 'owner'>, pid: number): string =>
  `insert into ${formatAddress(sessionsTable(table))} (owner, pid, noted_at) values (${literal(owner)}, ${pid}, getdate())`

export const forgetOwnStatement = ({ table, owner }: Pick<Claim, 'table' | 'owner'>): string =>
  `delete from ${formatAddress(sessionsTable(table))} where owner = ${literal(owner)}`

/**
 * Ends what runs that were killed have left on the server: there a statement goes on when its client is gone, and holds
 * the name that the next build needs. The caller holds the lock, and its session is in UTC.
 *
 * A number may have been given to another session since. The one that was noted is older than the note, and any later
 * one of the number is younger: only a session of this user and database that began before the note is ended.
 * @returns how many were ended
 */
export async function endNotedSessions(
  session: Session,
  { table, owner }: Pick<Claim, 'table' | 'owner'>,
): Promise<number> {
  const noted = formatAddress(sessionsTable(table))
  const rows = await session.query<{ pid: number; noted_at: string }>(
    `select pid, cast(max(noted_at) as varchar(32)) as noted_at from ${noted} where owner <> ${literal(owner)} group by pid`,
  )
  if (rows.length === 0) return 0
  const [user] = await session.query<{ id: number }>(
    'select usesysid as id from pg_user where usename = current_user',
  )
  // `getdate()` cuts the fraction of the second off.
  const theirs = rows.map(
    (row) =>
      `(session_id = ${row.pid} and start_time < dateadd(second, 1, ${literal(row.noted_at)}::timestamp))`,
  )
  const alive = await session.query<{ pid: number; base: string; who: string }>(
    `select distinct session_id as pid, trim(database_name) as base, trim(user_id) as who from sys_session_history
     where trim(status) = 'active' and (${theirs.join(' or ')})`,
  )
  const ended = alive.filter(
    ({ pid, base, who }) =>
      pid !== session.pid &&
      foldIdentifier(base) === foldIdentifier(session.client.database ?? '') &&
      who === String(user?.id ?? ''),
  )
  for (const { pid } of ended) await session.query(`select pg_terminate_backend(${pid})`)
  await session.query(`delete from ${noted} where owner <> ${literal(owner)}`)
  return ended.length
}
