import type { RunsTable } from './schema.ts'
import type { State } from './state.ts'

export type NewRun = Pick<
  RunsTable,
  'id' | 'began_at' | 'command' | 'host' | 'user_name' | 'version' | 'git_commit' | 'git_dirty' | 'all_views'
>

export async function insertRun({ db, fit }: State, run: NewRun): Promise<void> {
  await db
    .insertInto('runs')
    .values({ ...run, command: fit(run.command), host: fit(run.host), user_name: fit(run.user_name) })
    .execute()
}

export type RunEnd = Pick<RunsTable, 'finished_at' | 'outcome' | 'error'>

export async function finishRun({ db, fit }: State, id: string, end: RunEnd): Promise<void> {
  const error = end.error === null ? null : fit(end.error)
  await db
    .updateTable('runs')
    .set({ ...end, error })
    .where('id', '=', id)
    .execute()
}

export interface SwapRecord {
  attempts: number
  /** Milliseconds; null: nothing was published. */
  lockedFor: number | null
  /** The sessions that were in the way, each in words. */
  waitedFor: readonly string[]
}

export async function recordSwap({ db, fit }: State, id: string, swap: SwapRecord): Promise<void> {
  await db
    .updateTable('runs')
    .set({
      swap_attempts: swap.attempts,
      swap_locked_for: swap.lockedFor,
      swap_waited_for: swap.waitedFor.length === 0 ? null : fit(swap.waitedFor.join('\n')),
    })
    .where('id', '=', id)
    .execute()
}

/**
 * When the last refresh of all views began, also one that found nothing to do; null without any. What began after
 * `now` was under a clock that has gone back since.
 */
export async function findLastRefreshOfAll({ db }: State, now: Date): Promise<Date | null> {
  const row = await db
    .selectFrom('runs')
    .select('began_at')
    .where('all_views', '=', true)
    .where('began_at', '<=', now)
    .orderBy('began_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.began_at ?? null
}

/** Whether any run knew its commit, and whether one of them was at this one. */
export async function findCommit({ db }: State, commit: string): Promise<'none known' | 'known' | 'new'> {
  const row = await db
    .selectFrom('runs')
    .select('git_commit')
    .where('git_commit', 'is not', null)
    .orderBy((order) =>
      order.case().when('git_commit', '=', commit).then(order.lit(0)).else(order.lit(1)).end(),
    )
    .limit(1)
    .executeTakeFirst()
  if (row === undefined) return 'none known'
  return row.git_commit === commit ? 'known' : 'new'
}

/** Newest first. */
export async function listRuns({ db }: State, limit: number): Promise<RunsTable[]> {
  return db
    .selectFrom('runs')
    .selectAll()
    .orderBy('began_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

export async function findRun({ db }: State, id: string): Promise<RunsTable | undefined> {
  return db.selectFrom('runs').selectAll().where('id', '=', id).executeTakeFirst()
}

/** The runs that were still under way when their process ended. The caller holds the run lock. @returns their ids */
export async function closeKilledRuns({ db }: State, now: Date): Promise<string[]> {
  const killed = await db.selectFrom('runs').select('id').where('finished_at', 'is', null).execute()
  if (killed.length === 0) return []
  await db
    .updateTable('runs')
    .set({ finished_at: now, outcome: 'killed' })
    .where('finished_at', 'is', null)
    .execute()
  return killed.map(({ id }) => id)
}

/** Forgets the runs that began before a time, but for those whose versions are live. @returns how many */
export async function pruneRuns({ db }: State, before: Date, dryRun: boolean): Promise<number> {
  const old = await db
    .selectFrom('runs')
    .select('id')
    .where('began_at', '<', before)
    .where('id', 'not in', db.selectFrom('views').select('run_id'))
    .where('id', 'not in', db.selectFrom('relations').select('run_id'))
    .execute()
  const ids = old.map((run) => run.id)
  if (ids.length === 0 || dryRun) return ids.length
  await db.deleteFrom('totals').where('run_id', 'in', ids).execute()
  await db.deleteFrom('view_runs').where('run_id', 'in', ids).execute()
  await db.deleteFrom('runs').where('id', 'in', ids).execute()
  return ids.length
}

/** How many views of each run came to each outcome. */
export async function countViewRuns(
  { db }: State,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, Partial<Record<string, number>>>> {
  const counts = new Map<string, Record<string, number>>()
  if (runIds.length === 0) return counts
  const rows = await db
    .selectFrom('view_runs')
    .select(({ fn }) => ['run_id', 'outcome', fn.countAll<number>().as('views')])
    .where('run_id', 'in', runIds)
    .groupBy(['run_id', 'outcome'])
    .execute()
  for (const { run_id, outcome, views } of rows) {
    counts.set(run_id, { ...counts.get(run_id), [outcome ?? 'running']: views })
  }
  return counts
}
