import type { Totals } from '../events.ts'
import type { State } from './state.ts'

export type TotalsPhase = 'before' | 'after'

export async function insertTotals(
  { db, fit }: State,
  runId: string,
  view: string,
  phase: TotalsPhase,
  totals: Totals,
): Promise<void> {
  const rows = Object.entries(totals).map(([name, value]) => ({
    run_id: runId,
    view,
    phase,
    name,
    value: value === null ? null : fit(value),
  }))
  if (rows.length > 0) await db.insertInto('totals').values(rows).execute()
}

/** What a run recorded of its views; a view without totals has no entry. */
export async function readTotals(
  { db }: State,
  runId: string,
  phase: TotalsPhase,
): Promise<ReadonlyMap<string, Totals>> {
  const rows = await db
    .selectFrom('totals')
    .select(['view', 'name', 'value'])
    .where('run_id', '=', runId)
    .where('phase', '=', phase)
    .execute()
  const totals = new Map<string, Record<string, string | null>>()
  for (const { view, name, value } of rows) {
    const entry = totals.get(view) ?? {}
    entry[name] = value
    totals.set(view, entry)
  }
  return totals
}

export async function forgetTotals({ db }: State, runId: string, phase: TotalsPhase): Promise<void> {
  await db.deleteFrom('totals').where('run_id', '=', runId).where('phase', '=', phase).execute()
}
