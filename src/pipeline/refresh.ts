import type { BuiltView } from '../engine/builder.ts'
import { DuroError, isInterruption } from '../errors.ts'
import type { RunOutcome, TotalsComparison } from '../events.ts'
import { formatDuration } from '../project/duration.ts'
import type { ViewName } from '../project/view.ts'
import { markReady } from '../state/view-runs.ts'
import { createBackground } from './background.ts'
import { build } from './build.ts'
import { discard, discardingAfterFailure } from './discard.ts'
import { drop } from './drop.ts'
import { usingEarlyTests } from './early-tests.ts'
import { keepHistoryOrTell } from './history.ts'
import { keepFit } from './keep-fit.ts'
import { summary } from './outcomes.ts'
import { prepare } from './prepare.ts'
import { recordTotals } from './record-totals.ts'
import { viewOf, type Run } from './run.ts'
import { swap } from './swap.ts'
import { swapBack } from './swap-back.ts'
import { test } from './test.ts'
import { withinTime, type TimeLimit } from './time-limit.ts'
import { refuseDoomed } from './try-out.ts'
import { validate } from './validate.ts'

export interface RunResult {
  outcome: RunOutcome
  published: readonly ViewName[]
  /** With `--keep-going`: why the views that are not among them are not. Or why their copies could not be written. */
  error: Error | null
}

/**
 * `record totals → build → test → swap → validate → drop → history` for the views of a plan. The caller holds the run
 * lock. What fails before the swap leaves the live set as it was and nothing behind.
 */
export async function refresh(run: Run): Promise<RunResult> {
  // The run's time limit ends with the publication: what is live has to be looked at, however late it is.
  const ready = await withinTime(timeLimit(run), run.signal, async (signal) => {
    const limited = { ...run, signal }
    await prepare(limited)
    const made = await discardingAfterFailure(limited, async () => {
      const doomed = await refuseDoomed(limited)
      const before = await recordTotals(limited)
      const background = createBackground(limited.project.settings.concurrency)
      return usingEarlyTests(limited, background, async (tests) => {
        const built = keepFit(limited, await build(limited, background, tests, doomed))
        const tested = keepFit(limited, await test(limited, tests, built.fit, before), built.failed)
        await markReady(limited.state, limited.id, [...tested.fit.keys()])
        return readyOf(built.fit, tested.fit, tested.failed)
      })
    })
    if (!run.options.noSwap) await publish(limited, made)
    return made
  })
  const error = ready.failed.size > 0 ? summary(ready.failed) : null
  if (run.options.noSwap) return { outcome: error === null ? 'built' : 'failed', published: [], error }

  await validateOrReturn(run, ready)
  await drop(run)
  const incomplete = error ?? (await keepHistoryOrTell(run))
  return { outcome: outcomeOf(incomplete), published: [...ready.built.keys()], error: incomplete }
}

/** What was built and passed its tests. */
interface Ready {
  built: ReadonlyMap<ViewName, BuiltView>
  comparisons: readonly TotalsComparison[]
  /** With `--keep-going`: what is not among them. */
  failed: ReadonlyMap<ViewName, Error>
}

function readyOf(
  built: ReadonlyMap<ViewName, BuiltView>,
  tested: ReadonlyMap<ViewName, readonly TotalsComparison[]>,
  failed: Ready['failed'],
): Ready {
  return {
    built: new Map([...built].filter(([name]) => tested.has(name))),
    comparisons: [...tested.values()].flat(),
    failed,
  }
}

/** Given up, the new versions wait for `duro swap`; interrupted, nobody waits for them. */
async function publish(run: Run, { built }: Ready): Promise<void> {
  try {
    await swap(
      run,
      [...built].map(([name, { id, declared }]) => ({ view: viewOf(run, name), newId: id, declared })),
    )
  } catch (error) {
    if (run.signal.aborted) await discard(run, error)
    throw error
  }
}

/** What is live and not as it was built must not stay live: the old versions become live again. */
async function validateOrReturn(run: Run, { built, comparisons }: Ready): Promise<void> {
  try {
    await validate(run, built, comparisons)
  } catch (error) {
    if (!(error instanceof DuroError) || error.code !== 'validation') throw error
    await swapBack(run, run.id)
    await discard(run, error)
    throw new DuroError('validation', error.message, {
      hint: 'The old versions are live again.',
      cause: error,
    })
  }
}

const outcomeOf = (error: Error | null): RunOutcome =>
  error === null ? 'published' : isInterruption(error) ? 'interrupted' : 'failed'

function timeLimit({ options: { timeout } }: Run): TimeLimit | null {
  if (timeout === null) return null
  const expired = new DuroError(
    'timeout',
    `the run did not publish within ${formatDuration(timeout)}, and was ended`,
    {
      hint: 'That is the timeout of the run. `duro history last` shows what took how long.',
    },
  )
  return { milliseconds: timeout, expired }
}
