import type { Totals } from '../events.ts'
import type { View, ViewName } from '../project/view.ts'
import { insertTotals, readTotals, type TotalsPhase } from '../state/totals.ts'
import type { Run } from './run.ts'

/** Keeps what was counted, with the aggregates that it was counted by. */
export function keepTotals(
  run: Pick<Run, 'id' | 'state'>,
  view: View,
  phase: TotalsPhase,
  totals: Totals,
): Promise<void> {
  const aggregates = aggregatesOf(view)
  const rows = Object.entries(totals).map(([name, value]) => ({
    name,
    aggregate: aggregates[name] ?? '',
    value,
  }))
  return insertTotals(run.state, run.id, view.name, phase, rows)
}

/**
 * What a run has counted of the new versions that it built, without totals that now mean something else under the same
 * name. A view without any has no entry.
 */
export async function readKept(
  { state, project }: Pick<Run, 'state' | 'project'>,
  runId: string,
): Promise<ReadonlyMap<ViewName, Totals>> {
  const kept = new Map<ViewName, Record<string, string | null>>()
  for (const { view: viewName, name, aggregate, value } of await readTotals(state, runId, 'after')) {
    const view = project.views.get(viewName)
    const wanted = view === undefined ? undefined : aggregatesOf(view)[name]
    if (wanted === undefined || state.fit(wanted) !== aggregate) continue
    const totals = kept.get(viewName) ?? {}
    totals[name] = value
    kept.set(viewName, totals)
  }
  return kept
}

const aggregatesOf = ({ settings }: View): Readonly<Record<string, string>> => ({
  rows: 'count(*)',
  ...settings.totals,
})
