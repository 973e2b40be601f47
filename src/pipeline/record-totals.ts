import { appendTo } from '../append-to.ts'
import type { LiveRelation } from '../engine/engine.ts'
import type { Totals } from '../events.ts'
import type { View, ViewName } from '../project/view.ts'
import { updateViewRun } from '../state/view-runs.ts'
import { aimTotals, lateTotals } from './aim-totals.ts'
import { inParallel } from './in-parallel.ts'
import { keepTotals, readKept } from './recorded-totals.ts'
import { plannedViews, viewOf, type Run } from './run.ts'
import { stage, timed } from './stage.ts'

/** Row counts and sums of the live versions; a view without a live version has no entry. */
export async function recordTotals(run: Run): Promise<ReadonlyMap<ViewName, Totals>> {
  return stage(run, 'record totals', async () => {
    const live = await run.engine.inspect(plannedViews(run))
    const known = await readKnownTotals(run, live)
    const totals = await inParallel(run, [...live.keys()], async (name, signal) => {
      const { value, duration } = await timed(
        async () => known.get(name) ?? (await countLive(run, viewOf(run, name), signal)),
      )
      if (value === null) return null
      await keepTotals(run, viewOf(run, name), 'before', value)
      await updateViewRun(run.state, run.id, name, { totals_duration: duration })
      return value
    })
    return new Map([...totals].flatMap(([name, value]) => (value === null ? [] : [[name, value]])))
  })
}

/** Null: they cannot be computed, as when a declared total uses a column that only the new version has. */
async function countLive(run: Run, view: View, signal: AbortSignal): Promise<Totals | null> {
  try {
    return await run.engine.totals(view, aimTotals(view, new Set(), run), signal)
  } catch (error) {
    signal.throwIfAborted()
    run.emit({
      type: 'warning',
      view: view.name,
      message: `no totals to compare with: ${error instanceof Error ? error.message : String(error)}`,
    })
    return null
  }
}

/**
 * What was counted when the live versions were built, but for views with totals that read others, which may be other ones
 * now. A materialized view that is still as duro published it holds just that; a table may have been written to since,
 * and a REFRESH by hand shows in what `storage` says.
 */
async function readKnownTotals(
  run: Run,
  live: ReadonlyMap<ViewName, LiveRelation>,
): Promise<ReadonlyMap<ViewName, Totals>> {
  const byRun = new Map<string, ViewName[]>()
  for (const [name, relation] of live) {
    const publication = run.publications.get(name)
    if (publication === undefined || relation.kind !== 'materialized view') continue
    if (publication.relation !== relation.id || publication.storage !== relation.storage) continue
    if (lateTotals(viewOf(run, name), run.project).size > 0) continue
    appendTo(byRun, publication.run_id, name)
  }
  const known = new Map<ViewName, Totals>()
  for (const [runId, names] of byRun) {
    const recorded = await readKept(run, runId)
    for (const name of names) {
      const totals = recorded.get(name)
      const wanted = ['rows', ...Object.keys(viewOf(run, name).settings.totals)]
      if (totals !== undefined && wanted.every((total) => Object.hasOwn(totals, total)))
        known.set(name, totals)
    }
  }
  return known
}
