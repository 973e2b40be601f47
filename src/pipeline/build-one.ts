import { SourceRewrittenError, type Builder, type BuiltView } from '../engine/engine.ts'
import { DuroError } from '../errors.ts'
import { timeoutOf } from '../plan/timeout.ts'
import { formatDuration } from '../project/duration.ts'
import type { ViewName } from '../project/view.ts'
import { insertTotals } from '../state/totals.ts'
import { updateViewRun } from '../state/view-runs.ts'
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
}

/** One view, from its select to a new version, with what is written down of it. */
export async function buildOne(
  run: Run,
  { builder, name, rebuilt, beganAt, expected }: BuildTask,
  signal: AbortSignal,
): Promise<BuiltView> {
  run.emit({ type: 'view-started', stage: 'build', view: name })
  await updateViewRun(run.state, run.id, name, { build_began_at: beganAt })
  try {
    const { value: built, duration } = await timed(() =>
      withinTime(timeLimit(run, name, expected), signal, (limited) =>
        builder.build(viewToBuild(run, name, rebuilt), limited),
      ),
    )
    const rows = built.totals['rows'] ?? null
    await insertTotals(run.state, run.id, name, 'after', built.totals)
    await updateViewRun(run.state, run.id, name, {
      outcome: 'built',
      build_duration: duration,
      new_relation: built.id,
      storage: built.storage,
      declared: JSON.stringify(built.declared),
      row_count: rows === null ? null : Number(rows),
    })
    for (const notice of built.notices) run.emit({ type: 'warning', view: name, message: notice })
    run.emit({
      type: 'view-finished',
      stage: 'build',
      view: name,
      duration,
      rows: rows === null ? null : Number(rows),
    })
    return built
  } catch (error) {
    if (!signal.aborted && !(error instanceof SourceRewrittenError)) await reportFailure(run, name, error)
    throw error
  }
}

async function reportFailure(run: Run, name: ViewName, error: unknown): Promise<void> {
  const failure = error instanceof Error ? error : new Error(String(error))
  run.emit({ type: 'view-failed', stage: 'build', view: name, error: failure })
  await updateViewRun(run.state, run.id, name, { outcome: 'failed', error: failure.message })
}

function timeLimit(run: Run, name: ViewName, expected: number | null): TimeLimit | null {
  const timeout = timeoutOf(viewOf(run, name), expected)
  if (timeout === null) return null
  const time = formatDuration(timeout.milliseconds)
  const message = `${name} was not built within ${time}, and its build was cancelled`
  const hint = timeout.isSet
    ? `${time} is the view's timeout. Where it may take longer, set a longer one.`
    : `It usually takes ${formatDuration(expected ?? 0)}; five times that, at least 10m, is allowed. ` +
      'Where it may take longer, set timeout for the view.'
  return { milliseconds: timeout.milliseconds, expired: new DuroError('build', message, { hint }) }
}
