import type { LiveRelation } from '../engine/engine.ts'
import type { Totals } from '../events.ts'
import type { View, ViewName } from '../project/view.ts'
import { insertTotals, readTotals } from '../state/totals.ts'
import { updateViewRun } from '../state/view-runs.ts'
import { plannedViews, type Run } from './run.ts'
import { stage, timed } from './stage.ts'

/** Row counts and sums of the live versions; a view without a live version has no entry. */
export async function recordTotals(run: Run): Promise<ReadonlyMap<ViewName, Totals>> {
  return stage(run, 'record totals', async () => {
    const live = await run.engine.inspect(plannedViews(run))
    const totals = new Map<ViewName, Totals>()
    for (const view of plannedViews(run)) {
      run.signal.throwIfAborted()
      const relation = live.get(view.name)
      if (relation === undefined) continue
      const { value, duration } = await timed(() => totalsOf(run, view, relation))
      if (value === null) continue
      totals.set(view.name, value)
      await insertTotals(run.state, run.id, view.name, 'before', value)
      await updateViewRun(run.state, run.id, view.name, { totals_duration: duration })
    }
    return totals
  })
}

/** Null: they cannot be computed, as when a declared total uses a column that only the new version has. */
async function totalsOf(run: Run, view: View, live: LiveRelation): Promise<Totals | null> {
  const known = await knownTotals(run, view, live)
  if (known !== null) return known
  try {
    return await run.engine.totals(view, 'live', run.signal)
  } catch (error) {
    run.signal.throwIfAborted()
    run.emit({
      type: 'warning',
      view: view.name,
      message: `no totals to compare with: ${error instanceof Error ? error.message : String(error)}`,
    })
    return null
  }
}

/**
 * A materialized view that is still as duro published it holds what was counted then. A table may have been written
 * to since, and a REFRESH by hand shows in the relation's storage.
 */
async function knownTotals(run: Run, view: View, live: LiveRelation): Promise<Totals | null> {
  const publication = run.publications.get(view.name)
  if (publication === undefined || live.kind !== 'materialized view') return null
  if (publication.relation !== live.id || publication.storage !== live.storage) return null
  const recorded = (await readTotals(run.state, publication.run_id, 'after')).get(view.name)
  if (recorded === undefined) return null
  const wanted = ['rows', ...Object.keys(view.settings.totals)]
  return wanted.every((name) => name in recorded) ? recorded : null
}
