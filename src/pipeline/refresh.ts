import type { BuiltView } from '../engine/engine.ts'
import { DuroError, isInterruption, ProblemsError } from '../errors.ts'
import type { RunOutcome, TotalsComparison } from '../events.ts'
import { removeAbandonedFolders } from '../import/private-folder.ts'
import { wasBound } from '../plan/definition.ts'
import { formatDuration } from '../project/duration.ts'
import type { ViewName } from '../project/view.ts'
import { listRelations } from '../state/relations.ts'
import { finishRun } from '../state/runs.ts'
import { markReady } from '../state/view-runs.ts'
import { build } from './build.ts'
import { drop } from './drop.ts'
import { dropNew, dropRelations } from './drop-relations.ts'
import { catchUpHistory, keepHistoryOrTell } from './history.ts'
import { failuresOf, summary, valuesOf, withheldBy } from './outcomes.ts'
import { recordTotals } from './record-totals.ts'
import { obstacleOptions, viewOf, type Run } from './run.ts'
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
 * `record totals → build → test → swap → validate → drop → history` for the views of a plan. The caller holds the run lock.
 * What fails before the swap leaves the live set as it was and nothing behind.
 */
export async function refresh(run: Run): Promise<RunResult> {
  // The run's time limit ends with the publication: what is live has to be looked at, however late it is.
  const ready = await withinTime(timeLimit(run), run.signal, (signal) => makeLive({ ...run, signal }))
  const error = ready.failed.size > 0 ? summary(ready.failed) : null
  if (run.options.noSwap) return { outcome: error === null ? 'built' : 'failed', published: [], error }

  await validateOrReturn(run, ready)
  await drop(run)
  const published = [...ready.built.keys()]
  const unkept = await keepHistoryOrTell(run)
  const incomplete = error ?? unkept
  return { outcome: outcomeOf(incomplete), published, error: incomplete }
}

const outcomeOf = (error: Error | null): RunOutcome =>
  error === null ? 'published' : isInterruption(error) ? 'interrupted' : 'failed'

/** Everything up to the swap; with `--no-swap` without it. */
async function makeLive(run: Run): Promise<Ready> {
  await catchUpHistory(run)
  await removeLeftovers(run)
  await run.engine.prepare({ ...obstacleOptions(run, run.options.replaceTables), emit: run.emit })
  const ready = await makeReady(run)
  if (!run.options.noSwap) await publish(run, ready)
  return ready
}

/**
 * What earlier runs left: old versions that were kept or still read, and of runs that were killed new ones, and the
 * folders of their scripts.
 */
async function removeLeftovers(run: Run): Promise<void> {
  const leftovers = await listRelations(run.state)
  if (leftovers.length > 0) await dropRelations(run, leftovers, 0)
  await removeAbandonedFolders(run.project.root)
}

interface Ready {
  built: ReadonlyMap<ViewName, BuiltView>
  comparisons: readonly TotalsComparison[]
  /** With `--keep-going`: what is not among them. */
  failed: ReadonlyMap<ViewName, Error>
}

/** Everything before the swap. @throws after which nothing that was built is left */
async function makeReady(run: Run): Promise<Ready> {
  try {
    await refuseDoomed(run)
    const before = await recordTotals(run)
    const building = await build(run)
    const notBuilt = failuresOf(building)
    if (notBuilt.size > 0 && !run.options.keepGoing) throw summary(notBuilt)
    const built = without(valuesOf(building), withheld(run, notBuilt.keys()))

    const testing = await test(run, built, before)
    const notPassed = failuresOf(testing)
    const failed = new Map([...notBuilt, ...notPassed])
    if (notPassed.size > 0 && !run.options.keepGoing) throw summary(notPassed)

    const unfit = withheld(run, failed.keys())
    const publishable = without(built, unfit)
    if (publishable.size === 0) throw summary(failed)
    for (const name of built.keys()) {
      if (unfit.has(name) && !failed.has(name))
        run.emit({ type: 'view-skipped', view: name, because: [...failed.keys()][0] ?? name })
    }
    await markReady(run.state, run.id, [...publishable.keys()])
    return {
      built: publishable,
      comparisons: [...without(valuesOf(testing), unfit).values()].flat(),
      failed,
    }
  } catch (error) {
    await discard(run, error)
    throw error
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

function withheld(run: Run, failed: Iterable<ViewName>): ReadonlySet<ViewName> {
  const missing = new Set(
    run.plan.views
      .filter(({ reasons }) => reasons.some((reason) => reason.kind === 'missing'))
      .map((view) => view.name),
  )
  const isBound = (name: ViewName): boolean => {
    if (missing.has(name)) return false
    const publication = run.publications.get(name)
    return publication === undefined || wasBound({ sql: '', settings: publication.definition_settings })
  }
  return withheldBy(failed, run.plan, run.graph, isBound)
}

function without<T>(values: ReadonlyMap<ViewName, T>, names: ReadonlySet<ViewName>): Map<ViewName, T> {
  return new Map([...values].filter(([name]) => !names.has(name)))
}

/** The reason why the run failed is told, also when the clearing away fails too. */
async function discard(run: Run, reason: unknown): Promise<void> {
  try {
    await dropNew(run)
  } catch (error) {
    if (reason instanceof DuroError && reason.code === 'connection') return
    run.emit({
      type: 'warning',
      message: `what was built could not be removed; the next run or duro cleanup does it: ${error instanceof Error ? error.message : String(error)}`,
    })
  }
}

/** Writes down how a run ended, whatever happened to it. */
export async function recordEnd(
  run: Pick<Run, 'id' | 'state' | 'clock'>,
  outcome: RunOutcome,
  error: unknown,
): Promise<void> {
  const message = error === null ? null : describe(error)
  await finishRun(run.state, run.id, { finished_at: run.clock(), outcome, error: message })
}

function describe(error: unknown): string {
  if (error instanceof ProblemsError) return error.problems.map((problem) => problem.message).join('; ')
  return error instanceof Error ? error.message : String(error)
}
