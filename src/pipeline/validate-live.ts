import { DuroError } from '../errors.ts'
import type { TotalsComparison } from '../events.ts'
import type { View, ViewName } from '../project/view.ts'
import { stateIsReadable } from '../state/migrate.ts'
import { readPublications } from '../state/publications.ts'
import { aimTotals, lateTotals } from './aim-totals.ts'
import { compareTotals } from './compare-totals.ts'
import { testView } from './data-tests.ts'
import { readKept } from './recorded-totals.ts'
import type { Run } from './run.ts'
import { stage, timed } from './stage.ts'

export type ValidateRun = Pick<Run, 'project' | 'engine' | 'state' | 'emit' | 'signal'>

/**
 * Runs the data tests on live views, and compares their totals with those that were recorded when they were built.
 * @throws DuroError with the code `validation` when something does not hold
 */
export async function validateLive(run: ValidateRun, views: readonly View[]): Promise<void> {
  const wrong: ViewName[] = []
  const comparisons: TotalsComparison[] = []
  await stage(run, 'validate', async () => {
    const live = await run.engine.inspect(views)
    const recorded = await readRecorded(run)
    for (const view of views) {
      run.emit({ type: 'view-started', stage: 'validate', view: view.name })
      if (!live.has(view.name)) {
        wrong.push(view.name)
        const error = new DuroError('validation', `${view.name} does not exist`, {
          hint: `Run: duro refresh ${view.name}`,
        })
        run.emit({ type: 'view-failed', stage: 'validate', view: view.name, error })
        continue
      }
      const { value: isRight, duration } = await timed(() => validateOne(run, view, recorded, comparisons))
      if (!isRight) wrong.push(view.name)
      else run.emit({ type: 'view-finished', stage: 'validate', view: view.name, duration, rows: null })
    }
  })
  run.emit({ type: 'totals-compared', comparisons })
  if (wrong.length > 0) throw new DuroError('validation', `${wrong.join(', ')} did not pass`)
}

type Recorded = ReadonlyMap<ViewName, Readonly<Record<string, string | null>>>

/** The totals of the versions that are live now. */
async function readRecorded(run: ValidateRun): Promise<Recorded> {
  if (!(await stateIsReadable(run.state))) return new Map()
  const recorded = new Map<ViewName, Readonly<Record<string, string | null>>>()
  const byRun = new Map<string, Recorded>()
  for (const { name, run_id } of (await readPublications(run.state)).values()) {
    const totals = byRun.get(run_id) ?? (await readKept(run, run_id))
    byRun.set(run_id, totals)
    const own = totals.get(name)
    if (own !== undefined) recorded.set(name, own)
  }
  return recorded
}

async function validateOne(
  run: ValidateRun,
  view: View,
  recorded: Recorded,
  comparisons: TotalsComparison[],
): Promise<boolean> {
  const failures = await testView(view, { ...run, rebuilt: new Set() })
  for (const failure of failures) run.emit({ type: 'test-failed', view: view.name, failure })
  const compared = compareTotals(
    view,
    recorded.get(view.name) ?? null,
    await run.engine.totals(view, aimTotals(view, new Set(), run), run.signal),
  )
  comparisons.push(...compared)
  // A table may have been written to on purpose, and the other views that a total reads built anew: that shows in the
  // table of totals and is no failure in itself.
  const late = lateTotals(view, run.project)
  const moved = compared.filter(
    ({ total, before, verdict }) =>
      before !== null &&
      verdict !== 'same' &&
      ((view.settings.materialized === 'view' && !late.has(total)) || verdict === 'limit-broken'),
  )
  for (const { total, before, after } of moved) {
    const failure = {
      test: `totals.${total}`,
      message: `it is ${after ?? 'nothing'}, and ${before ?? 'nothing'} was recorded`,
      file: null,
      line: null,
      samples: [],
      error: null,
    }
    run.emit({ type: 'test-failed', view: view.name, failure })
  }
  return failures.length === 0 && moved.length === 0
}
