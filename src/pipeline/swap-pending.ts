import { parseDeclared } from '../engine/declared.ts'
import { DuroError } from '../errors.ts'
import type { ViewName } from '../project/view.ts'
import { removedViews } from '../plan/removed-views.ts'
import { listRelations } from '../state/relations.ts'
import { listViewRuns } from '../state/view-runs.ts'
import { drop } from './drop.ts'
import { catchUpHistory, keepHistoryOrTell } from './history.ts'
import { reportRemoved } from './report-removed.ts'
import { swap, type Candidate, type SwapRun } from './swap.ts'
import { namedView } from './view-name.ts'

/**
 * Publishes what the last `refresh --no-swap` built, or what a swap that was given up left waiting.
 */
export async function swapPending(run: Omit<SwapRun, 'id'>): Promise<Swapped> {
  const { runId, candidates } = await findReady(run)
  const named = { ...run, id: runId }
  await catchUpHistory(named)
  await swap(named, candidates)
  const views = candidates.map(({ view }) => view.name)
  // A file may have gone since the build, too.
  reportRemoved(removedViews([...run.publications.keys(), ...views], run.project), run.emit)
  await drop(run)
  return { runId, views, unkept: await keepHistoryOrTell(named) }
}

export interface Swapped {
  /** The run that built what is published now. */
  runId: string
  views: ViewName[]
  /** Why dated copies could not be written. */
  unkept: Error | null
}

/** What a run left that was killed, or that could not clear away, was not tested: only a whole set that was, counts. */
async function findReady(run: Pick<SwapRun, 'state'>): Promise<{ runId: string; candidates: Candidate[] }> {
  const made = (await listRelations(run.state)).filter((relation) => relation.place === 'new')
  const runId = made
    .map((relation) => relation.run_id)
    .toSorted()
    .at(-1)
  const viewRuns = runId === undefined ? [] : await listViewRuns(run.state, runId)
  const ready = new Map(viewRuns.filter(({ outcome }) => outcome === 'ready').map((row) => [row.view, row]))
  if (runId === undefined || ready.size === 0) {
    throw new DuroError('swap', 'nothing waits to be published', {
      hint: '`duro refresh --no-swap` builds and tests without publishing.',
    })
  }
  const waiting = made.filter((relation) => relation.run_id === runId && ready.has(relation.view))
  const gone = [...ready.keys()].filter((view) => !waiting.some((relation) => relation.view === view))
  if (gone.length > 0) {
    throw new DuroError('swap', `of what waited to be published, ${gone.join(', ')} is gone`, {
      hint: 'Build all of it anew with duro refresh.',
    })
  }
  const candidates = waiting.map(({ view, id }) => ({
    view: namedView(view),
    newId: id,
    declared: parseDeclared(ready.get(view)?.declared ?? null),
  }))
  return { runId, candidates }
}
