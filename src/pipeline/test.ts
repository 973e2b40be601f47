import type { BuiltView } from '../engine/builder.ts'
import { DuroError } from '../errors.ts'
import type { TestFailure, Totals, TotalsComparison } from '../events.ts'
import type { View, ViewName } from '../project/view.ts'
import { updateViewRun } from '../state/view-runs.ts'
import { compareTotals, describeBrokenLimit } from './compare-totals.ts'
import type { Outcomes } from './outcomes.ts'
import { testNow, type EarlyTests, type Findings } from './early-tests.ts'
import { keepTotals } from './recorded-totals.ts'
import { reportUnfinished } from './report-unfinished.ts'
import { viewOf, type Run } from './run.ts'
import { runInOrder } from './run-in-order.ts'
import { stage } from './stage.ts'

/**
 * Tells what the data tests found in the new versions, runs those that have not begun yet, and holds the totals against
 * the limits: what fails here never becomes live. Every failure is found, not just the first.
 */
export async function test(
  run: Run,
  early: EarlyTests,
  built: ReadonlyMap<ViewName, BuiltView>,
  before: ReadonlyMap<ViewName, Totals>,
): Promise<Outcomes<readonly TotalsComparison[]>> {
  const rebuilt = new Set(built.keys())
  return stage(run, 'test', () =>
    runInOrder({
      tasks: [...built.keys()].map((name) => ({ name, after: [] })),
      durations: new Map(),
      concurrency: run.project.settings.concurrency,
      work: async (name, signal) => {
        const view = viewOf(run, name)
        const findings = async (): Promise<Findings> =>
          (await early.findings(name, rebuilt)) ??
          testNow(run, view, { rebuilt, violated: built.get(name)?.violated ?? null, signal })
        const { failures, totals, duration } = await findings().catch(async (error: unknown) => {
          await reportUnfinished(run, 'test', name, signal)
          throw error
        })
        await updateViewRun(run.state, run.id, name, { test_duration: duration })
        await keepTotals(run, view, 'after', totals)
        const after = { ...built.get(name)?.totals, ...totals }
        const comparisons = compareTotals(view, before.get(name) ?? null, after)
        const wrong = [...failures, ...brokenLimits(view, comparisons)]
        if (wrong.length > 0) throw await reportFailures(run, name, wrong)
        return comparisons
      },
      onFailure: 'keep going',
      signal: run.signal,
    }),
  )
}

function brokenLimits(view: View, comparisons: readonly TotalsComparison[]): TestFailure[] {
  return comparisons.flatMap((comparison) => {
    const limits = view.settings.limits[comparison.total]
    if (comparison.verdict !== 'limit-broken' || limits === undefined) return []
    const { total, message } = describeBrokenLimit(comparison, limits)
    return [{ test: `limits.${total}`, message, file: null, line: null, samples: [], error: null }]
  })
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
