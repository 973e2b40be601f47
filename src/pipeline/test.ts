import type { BuiltView } from '../engine/engine.ts'
import { DuroError } from '../errors.ts'
import type { TestFailure, Totals, TotalsComparison } from '../events.ts'
import type { View, ViewName } from '../project/view.ts'
import { updateViewRun } from '../state/view-runs.ts'
import { compareTotals, describeBrokenLimit } from './compare-totals.ts'
import { testView } from './data-tests.ts'
import type { Outcomes } from './outcomes.ts'
import { reportUnfinished } from './report-unfinished.ts'
import { viewOf, type Run } from './run.ts'
import { runInOrder } from './run-in-order.ts'
import { stage, timed } from './stage.ts'

/**
 * Runs the data tests on the new versions, and holds their totals against the limits: what fails here never becomes
 * live. Every failure is found, not just the first.
 */
export async function test(
  run: Run,
  built: ReadonlyMap<ViewName, BuiltView>,
  before: ReadonlyMap<ViewName, Totals>,
): Promise<Outcomes<readonly TotalsComparison[]>> {
  return stage(run, 'test', () =>
    runInOrder({
      tasks: [...built.keys()].map((name) => ({ name, after: [] })),
      durations: new Map(),
      concurrency: run.project.settings.concurrency,
      work: async (name, signal) => {
        const { value, duration } = await timed(() =>
          testOne(run, viewOf(run, name), built, before, signal),
        ).catch(async (error: unknown) => {
          await reportUnfinished(run, 'test', name, signal)
          throw error
        })
        await updateViewRun(run.state, run.id, name, { test_duration: duration })
        if (value.failures.length > 0) throw await reportFailures(run, name, value.failures)
        return value.comparisons
      },
      onFailure: 'keep going',
      signal: run.signal,
    }),
  )
}

interface Tested {
  failures: TestFailure[]
  comparisons: TotalsComparison[]
}

async function testOne(
  run: Run,
  view: View,
  built: ReadonlyMap<ViewName, BuiltView>,
  before: ReadonlyMap<ViewName, Totals>,
  signal: AbortSignal,
): Promise<Tested> {
  const comparisons = compareTotals(view, before.get(view.name) ?? null, built.get(view.name)?.totals ?? {})
  const failures = await testView(view, {
    project: run.project,
    engine: run.engine,
    rebuilt: new Set(built.keys()),
    signal,
  })
  for (const comparison of comparisons) {
    const limits = view.settings.limits[comparison.total]
    if (comparison.verdict !== 'limit-broken' || limits === undefined) continue
    const { total, message } = describeBrokenLimit(comparison, limits)
    failures.push({ test: `limits.${total}`, message, file: null, line: null, samples: [], error: null })
  }
  return { failures, comparisons }
}

async function reportFailures(
  run: Run,
  view: ViewName,
  failures: readonly TestFailure[],
): Promise<DuroError> {
  for (const failure of failures) run.emit({ type: 'test-failed', view, failure })
  const count = failures.length === 1 ? 'a data test' : `${failures.length} data tests`
  const error = new DuroError('test', `${view} failed ${count}`)
  run.emit({ type: 'view-failed', stage: 'test', view, error })
  await updateViewRun(run.state, run.id, view, {
    outcome: 'failed',
    error: failures.map((failure) => `${failure.test}: ${failure.message}`).join('; '),
  })
  return error
}
