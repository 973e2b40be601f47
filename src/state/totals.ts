import type { TotalsTable } from './schema.ts'
import type { State } from './state.ts'

export type TotalsPhase = 'before' | 'after'

export async function insertTotals(
  { db, fit }: State,
  runId: string,
  view: string,
  phase: TotalsPhase,
  totals: readonly Pick<TotalsTable, 'name' | 'aggregate' | 'value'>[],
): Promise<void> {
  const rows = totals.map(({ name, aggregate, value }) => ({
    run_id: runId,
    view,
    phase,
    name,
    aggregate: fit(aggregate),
    value: value === null ? null : fit(value),
  }))
  if (rows.length > 0) await db.insertInto('totals').values(rows).execute()
}

/** What a run recorded of its views. */
export async function readTotals(
  { db }: State,
  runId: string,
  phase: TotalsPhase,
): Promise<readonly Omit<TotalsTable, 'run_id' | 'phase'>[]> {
  return db
    .selectFrom('totals')
    .select(['view', 'name', 'aggregate', 'value'])
    .where('run_id', '=', runId)
    .where('phase', '=', phase)
    .execute()
}

export async function forgetTotals({ db }: State, runId: string, phase: TotalsPhase): Promise<void> {
  await db.deleteFrom('totals').where('run_id', '=', runId).where('phase', '=', phase).execute()
}
