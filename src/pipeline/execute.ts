import { hostname, userInfo } from 'node:os'
import { isInterruption } from '../errors.ts'
import type { RunOutcome } from '../events.ts'
import { storedSettings } from '../plan/stored-definition.ts'
import { describeReason } from '../plan/reason-text.ts'
import type { Revision } from '../project/read-revision.ts'
import { insertRun } from '../state/runs.ts'
import { insertViewRuns } from '../state/view-runs.ts'
import { decideOnPlainViews } from './due-copies.ts'
import { followUp } from './follow-up.ts'
import { keepHistoryOrTell } from './history.ts'
import { reportNewCommit } from './report-new-commit.ts'
import { reportRemoved } from './report-removed.ts'
import { recordEnd } from './record-end.ts'
import { refresh, type RunResult } from './refresh.ts'
import { viewOf, type Run } from './run.ts'

/** Who and what started a run, for its history. */
export interface RunOrigin {
  /** As typed. */
  command: string
  /** Of duro. */
  version: string
  beganAt: Date
  /** Nobody narrowed it to some views. */
  ofAllViews: boolean
  /** Of the folder of views; null: there is no Git. */
  revision: Revision | null
}

/** A run from its entry in the history to its end there, whatever happens in between. */
export async function execute(run: Run, origin: RunOrigin): Promise<RunResult> {
  const began = performance.now()
  const finish = async (
    outcome: RunOutcome,
    error: unknown,
    published: RunResult['published'],
  ): Promise<void> => {
    await recordEnd(run, outcome, error)
    run.emit({ type: 'run-finished', runId: run.id, outcome, duration: performance.now() - began, published })
  }
  if (origin.revision !== null) await reportNewCommit(run, origin.revision)
  await insertRun(run.state, {
    id: run.id,
    began_at: origin.beganAt,
    command: origin.command,
    version: origin.version,
    host: hostname(),
    user_name: userName(),
    git_commit: origin.revision?.commit ?? null,
    git_dirty: origin.revision?.dirty ?? null,
    all_views: origin.ofAllViews,
  })
  reportRemoved(run.plan.removed, run.emit)
  await decideOnPlainViews(run)
  if (run.plan.views.length === 0) {
    await followUp(run)
    const unkept = await keepHistoryOrTell(run)
    const outcome = unkept === null ? 'nothing-to-do' : isInterruption(unkept) ? 'interrupted' : 'failed'
    await finish(outcome, unkept, [])
    if (unkept !== null) throw unkept
    return { outcome, published: [], error: null }
  }
  await recordPlan(run, origin.beganAt)
  run.emit({
    type: 'run-started',
    runId: run.id,
    views: run.plan.views.map((view) => view.name),
    concurrency: run.project.settings.concurrency,
  })
  const result = await refresh(run).catch(async (error: unknown) => {
    // Where the history cannot be written, as when the server is gone, the error itself still has to be told.
    await finish(isInterruption(error) ? 'interrupted' : 'failed', error, []).catch(() => undefined)
    throw error
  })
  await finish(result.outcome, result.error, result.published)
  if (result.error !== null) throw result.error
  return result
}

async function recordPlan(run: Run, beganAt: Date): Promise<void> {
  const fits = (text: string): boolean => run.state.fit(text) === text
  await insertViewRuns(
    run.state,
    run.plan.views.map(({ name, reasons }) => {
      const definition = run.definitions.get(name)
      return {
        run_id: run.id,
        run_began_at: beganAt,
        view: name,
        reason: reasons.map(describeReason).join('; '),
        materialized: viewOf(run, name).settings.materialized,
        definition_sql: definition?.sql ?? '',
        definition_settings: definition === undefined ? '' : storedSettings(definition, fits),
      }
    }),
  )
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.() ?? 'unknown') // a container's user without a name
  }
}
