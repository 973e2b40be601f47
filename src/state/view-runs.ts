import { sql } from 'kysely'
import type { ViewRunsTable } from './schema.ts'
import type { State } from './state.ts'

export type NewViewRun = Pick<
  ViewRunsTable,
  'run_id' | 'run_began_at' | 'view' | 'reason' | 'materialized' | 'definition_sql' | 'definition_settings'
>

/** Rows of one statement: a server takes at most 65,535 parameters. */
const batch = 1000

export async function insertViewRuns({ db }: State, rows: readonly NewViewRun[]): Promise<void> {
  for (let start = 0; start < rows.length; start += batch) {
    await db
      .insertInto('view_runs')
      .values(rows.slice(start, start + batch))
      .execute()
  }
}

export async function updateViewRun(
  { db }: State,
  runId: string,
  view: string,
  values: Partial<Omit<ViewRunsTable, 'run_id' | 'view'>>,
): Promise<void> {
  await db.updateTable('view_runs').set(values).where('run_id', '=', runId).where('view', '=', view).execute()
}

/** The views were built and tested, all of them: from here on they may be published. */
export async function markReady({ db }: State, runId: string, views: readonly string[]): Promise<void> {
  await db
    .updateTable('view_runs')
    .set({ outcome: 'ready' })
    .where('run_id', '=', runId)
    .where('view', 'in', views)
    .execute()
}

export async function listViewRuns({ db }: State, runId: string): Promise<ViewRunsTable[]> {
  return db.selectFrom('view_runs').selectAll().where('run_id', '=', runId).orderBy('view').execute()
}

export interface PastRuns {
  /** Build times in milliseconds, newest first. */
  durations: readonly number[]
  /** The last run that came to an end with it failed on it. */
  failed: boolean
}

/**
 * The last builds of each of these views, and how they ended; a view without any has no entry. Looked up view by view
 * along the index, so that it takes as long after years of history as after a day.
 * @param most how many builds of a view
 */
export async function readPastRuns(
  { db, schema }: State,
  views: readonly string[],
  most: number,
): Promise<ReadonlyMap<string, PastRuns>> {
  const table = sql.id(schema, 'view_runs')
  const { rows } = await sql<{ view: string; durations: number[] | null; outcome: string | null }>`
    select wanted.view, builds.durations, newest.outcome
    from unnest(${views}::text[]) as wanted(view)
    left join lateral (
      select array_agg(build_duration order by run_began_at desc) as durations
      from (select build_duration, run_began_at from ${table} as past
            where past.view = wanted.view and build_duration is not null
            order by run_began_at desc limit ${most}) as last_builds
    ) as builds on true
    left join lateral (
      select outcome from ${table} as past
      where past.view = wanted.view and outcome in ('failed', 'published')
      order by run_began_at desc limit 1
    ) as newest on true
    where durations is not null or outcome is not null`.execute(db)
  return new Map(
    rows.map(({ view, durations, outcome }) => [
      view,
      { durations: durations ?? [], failed: outcome === 'failed' },
    ]),
  )
}
