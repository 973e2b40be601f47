import { DuroError } from '../errors.ts'
import type { Stage } from '../events.ts'
import type { ViewName } from '../project/view.ts'
import { updateViewRun } from '../state/view-runs.ts'
import type { Run } from './run.ts'

/**
 * Notes a view that the run's time limit found in work, as the one to look at; what an interruption or another view's
 * failure cancelled is nobody's fault.
 *
 * @param signal the one under which the work was done
 */
export async function reportUnfinished(
  run: Run,
  stage: Stage,
  view: ViewName,
  signal: AbortSignal,
): Promise<void> {
  const isOutOfTime = signal.aborted && signal.reason instanceof DuroError && signal.reason.code === 'timeout'
  if (!isOutOfTime) return
  const error = new DuroError('timeout', `${view} was still in work when the run's time was up`)
  run.emit({ type: 'view-failed', stage, view, error })
  await updateViewRun(run.state, run.id, view, { outcome: 'failed', error: error.message })
}
