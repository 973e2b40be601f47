import type { ViewName } from '../project/view.ts'
import type { Snapshot } from '../state/snapshots.ts'
import {
  claimStatement,
  countStatement,
  forgetBeforeStatement,
  listWrittenBefore,
} from '../state/snapshots.ts'
import { readHistoryTables, registerHistoryStatements } from '../state/history-tables.ts'
import { DuroError } from '../errors.ts'
import type { CopyOptions, HistoryCopy } from '../engine/history-copy.ts'
import type { StateText } from '../state/state.ts'
import { sortPending, type DueCopy } from './due-copies.ts'
import type { Run } from './run.ts'
import { stage, timed } from './stage.ts'
import { namedView } from './view-name.ts'

export type HistoryRun = Pick<Run, 'id' | 'project' | 'engine' | 'state' | 'emit' | 'signal' | 'clock'>

/**
 * Writes the dated copies that publications have made due, those of killed runs too, and removes the ones that are
 * older than their view keeps them. One view after another: readers of the new versions come first now.
 * @returns why copies could not be written; they stay due as long as their version is live
 */
async function keepHistory(run: HistoryRun): Promise<ReadonlyMap<ViewName, Error>> {
  const due = await sortPending(run)
  if (due.length === 0) return new Map()
  return stage(run, 'history', async () => {
    const failed = new Map<ViewName, Error>()
    for (const copy of due) {
      run.signal.throwIfAborted()
      try {
        await keepCopy(run, copy)
      } catch (error) {
        if (run.signal.aborted) throw error
        failed.set(copy.snapshot.view, error instanceof Error ? error : new Error(String(error)))
      }
    }
    return failed
  })
}

/** After the publication: the views are live whatever happens here, and the run has not done all that it should. */
export async function keepHistoryOrTell(run: HistoryRun): Promise<Error | null> {
  try {
    const failed = await keepHistory(run)
    for (const [view, error] of failed) run.emit({ type: 'view-failed', stage: 'history', view, error })
    const [first = null] = failed.values()
    if (failed.size <= 1) return first
    return new DuroError('history', `no copies were written of ${[...failed.keys()].join(', ')}`, {
      hint: 'The views are published. The next refresh tries again.',
      cause: first,
    })
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** Before the next publication replaces what killed runs have published. What fails is tried again after it. */
export async function catchUpHistory(run: HistoryRun): Promise<void> {
  for (const [view, error] of await keepHistory(run)) {
    run.emit({ type: 'warning', view, message: error.message })
  }
}

async function keepCopy(run: HistoryRun, { snapshot, relation, takenAt, storedFor }: DueCopy): Promise<void> {
  const { view } = snapshot
  run.emit({ type: 'view-started', stage: 'history', view })
  const registered = (await readHistoryTables(run.state)).get(view)?.relation ?? null
  const { value: result, duration } = await timed(() =>
    run.engine.copyToHistory(
      { view: namedView(view), relation, takenAt, registered },
      { ...copyStatements(run.state, run.id, snapshot, takenAt), signal: run.signal },
    ),
  )
  const { rows, notices } =
    result.kind === 'written' ? result : { rows: snapshot.row_count, notices: [] as readonly string[] }
  for (const message of notices) run.emit({ type: 'warning', view, message })
  if (storedFor !== null) await prune(run, view, new Date(run.clock().getTime() - storedFor))
  run.emit({ type: 'view-finished', stage: 'history', view, duration, rows })
}

/** What is written into the state tables with a copy. */
export function copyStatements(
  state: StateText,
  runId: string,
  snapshot: Pick<Snapshot, 'view' | 'run_id'>,
  takenAt: HistoryCopy['takenAt'],
): Omit<CopyOptions, 'signal'> {
  return {
    claim: claimStatement(state, snapshot, takenAt, runId),
    written: (count) => countStatement(state, snapshot, count),
    register: (table, id) => registerHistoryStatements(state, snapshot.view, table, id),
  }
}

/** The copy that was just written stays: it cannot be older than it may be. */
async function prune(run: HistoryRun, view: ViewName, before: Date): Promise<void> {
  const old = await listWrittenBefore(run.state, view, before)
  if (old.length === 0) return
  await run.engine.pruneHistory({
    view: namedView(view),
    takenAt: old.map((snapshot) => snapshot.taken_at),
    forget: forgetBeforeStatement(run.state, view, before),
  })
}
