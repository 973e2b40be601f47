import type { ViewRunsTable } from './schema.ts'
import type { State } from './state.ts'

export type NewViewRun = Pick<
  ViewRunsTable,
  'run_id' | 'view' | 'reason' | 'materialized' | 'definition_sql' | 'definition_settings'
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

export interface PastBuild {
  view: string
  began_at: Date
  build_duration: number
}

/** Build times of the runs since a time, newest first. */
export async function listPastBuilds({ db }: State, since: Date): Promise<PastBuild[]> {
  const rows = await db
    .selectFrom('view_runs')
    .innerJoin('runs', 'runs.id', 'view_runs.run_id')
    .select(['view_runs.view', 'runs.began_at', 'view_runs.build_duration'])
    .where('view_runs.build_duration', 'is not', null)
    .where('runs.began_at', '>=', since)
    .orderBy('runs.began_at', 'desc')
    .execute()
  return rows.flatMap((row) =>
    row.build_duration === null
      ? []
      : [{ view: row.view, began_at: row.began_at, build_duration: row.build_duration }],
  )
}

/** The views on which the newest run that tried them failed. */
export async function listFailedViews({ db }: State): Promise<string[]> {
  const rows = await db
    .selectFrom('view_runs')
    .innerJoin('runs', 'runs.id', 'view_runs.run_id')
    .select(['view_runs.view', 'view_runs.outcome'])
    .where('view_runs.outcome', 'in', ['failed', 'published'])
    .where((outer) =>
      outer.not(
        outer.exists(
          outer
            .selectFrom('view_runs as later')
            .innerJoin('runs as later_runs', 'later_runs.id', 'later.run_id')
            .select('later.view')
            .whereRef('later.view', '=', 'view_runs.view')
            .where('later.outcome', 'in', ['failed', 'published'])
            .whereRef('later_runs.began_at', '>', 'runs.began_at'),
        ),
      ),
    )
    .execute()
  return rows.filter((row) => row.outcome === 'failed').map((row) => row.view)
}
