import type { ViewRunsTable } from './schema.ts'
import type { State } from './state.ts'

export type NewViewRun = Pick<
  ViewRunsTable,
  'run_id' | 'run_began_at' | 'view' | 'reason' | 'materialized' | 'definition_sql' | 'definition_settings'
>

/** Rows of one statement: a server takes at most 65,535 parameters. */
const batch = 1000

export async function insertViewRuns({ db, fit }: State, rows: readonly NewViewRun[]): Promise<void> {
  for (let start = 0; start < rows.length; start += batch) {
    await db
      .insertInto('view_runs')
      .values(rows.slice(start, start + batch).map((row) => ({ ...row, reason: fit(row.reason) })))
      .execute()
  }
}

export async function updateViewRun(
  { db, fit }: State,
  runId: string,
  view: string,
  values: Partial<Omit<ViewRunsTable, 'run_id' | 'view'>>,
): Promise<void> {
  const error = typeof values.error === 'string' ? { error: fit(values.error) } : {}
  await db
    .updateTable('view_runs')
    .set({ ...values, ...error })
    .where('run_id', '=', runId)
    .where('view', '=', view)
    .execute()
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
