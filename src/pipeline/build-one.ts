import { formatDeclared } from '../engine/declared.ts'
import { SourceRewrittenError, type Builder, type BuiltView, type OnTestable } from '../engine/builder.ts'
import { DuroError } from '../errors.ts'
import { timeoutOf, type Timeout } from '../plan/timeout.ts'
import { formatDuration } from '../project/duration.ts'
import type { ViewName } from '../project/view.ts'
import { updateViewRun } from '../state/view-runs.ts'
import { keepTotals } from './recorded-totals.ts'
import { reportUnfinished } from './report-unfinished.ts'
import { viewOf, type Run } from './run.ts'
import { timed } from './stage.ts'
import { withinTime, type TimeLimit } from './time-limit.ts'
import { viewToBuild } from './view-to-build.ts'

export interface BuildTask {
  builder: Builder
  name: ViewName
  /** The views of the run. */
  rebuilt: ReadonlySet<ViewName>
  /** As of when the view will be fresh. */
  beganAt: Date
  /** What its builds usually take, in milliseconds. */
  expected: number | null
  /** Why it is known to fail; null: nothing is known. */
  doomed: Error | null
}

/**
 * One view, from its select to a new version, with what is written down of it.
 * @returns once its rows are there, what still has to be done that nobody waits for
 */
export async function buildOne(
  run: Run,
  task: BuildTask,
  signal: AbortSignal,
): Promise<(onTestable: OnTestable) => Promise<BuiltView>> {
  const { builder, name, rebuilt, beganAt, expected, doomed } = task
  run.emit({ type: 'view-started', stage: 'build', view: name })
  await updateViewRun(run.state, run.id, name, { build_began_at: beganAt })
  const view = viewToBuild(run, name, rebuilt)
  const within = <T>(work: (limited: AbortSignal) => Promise<T>): Promise<T> =>
    told(run, name, signal, () => withinTime(timeLimit(run, name, expected), signal, work))
  const made = await timed(() =>
    within((limited) => (doomed === null ? builder.make(view, limited) : Promise.reject(doomed))),
  )
  return async (onTestable) => {
    const settled = await timed(() => within((limited) => made.value.settle(limited, onTestable)))
    await recordBuilt(run, name, settled.value, made.duration + settled.duration)
    return settled.value
  }
}

async function recordBuilt(run: Run, name: ViewName, built: BuiltView, duration: number): Promise<void> {
  const rows = built.totals['rows'] === undefined ? null : Number(built.totals['rows'])
  await keepTotals(run, viewOf(run, name), 'after', built.totals)
  await updateViewRun(run.state, run.id, name, {
    outcome: 'built',
    build_duration: duration,
    new_relation: built.id,
    storage: built.storage,
    declared: formatDeclared(built.declared, (text) => run.state.fit(text) === text),
    row_count: rows,
  })
  for (const notice of built.notices) run.emit({ type: 'warning', view: name, message: notice })
  run.emit({ type: 'view-finished', stage: 'build', view: name, duration, rows })
}

/** A failure is told where it happens; what is cancelled, or tried again as a whole, is none. */
async function told<T>(run: Run, name: ViewName, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (signal.aborted) await reportUnfinished(run, 'build', name, signal)
    else if (!(error instanceof SourceRewrittenError)) await reportFailure(run, name, error)
    throw error
  }
}

async function reportFailure(run: Run, name: ViewName, error: unknown): Promise<void> {
  const failure = error instanceof Error ? error : new Error(String(error))
  run.emit({ type: 'view-failed', stage: 'build', view: name, error: failure })
  await updateViewRun(run.state, run.id, name, { outcome: 'failed', error: failure.message })
}

function timeLimit(run: Run, name: ViewName, expected: number | null): TimeLimit {
  const timeout = timeoutOf(viewOf(run, name), expected)
  const time = formatDuration(timeout.milliseconds)
  const message = `${name} was not built within ${time}, and its build was cancelled`
  return {
    milliseconds: timeout.milliseconds,
    expired: new DuroError('build', message, { hint: hintFor(timeout, time, expected) }),
  }
}

function hintFor({ isSet }: Timeout, time: string, expected: number | null): string {
  if (isSet) return `${time} is the view's timeout. Where it may take longer, set a longer one.`
  const why =
    expected === null
      ? `${time} is what a first build may take.`
      : `It usually takes ${formatDuration(expected)}; five times that, at least 10m, is allowed.`
  return `${why} Where it may take longer, set timeout for the view.`
}
