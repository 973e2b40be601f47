import { parseDeclared } from '../engine/declared.ts'
import { DuroError } from '../errors.ts'
import type { ViewName } from '../project/view.ts'
import { listViewRuns } from '../state/view-runs.ts'
import { listRelations } from '../state/relations.ts'
import { drop } from './drop.ts'
import { swap, type SwapRun } from './swap.ts'
import { namedView } from './view-name.ts'

/**
 * Publishes what the last `refresh --no-swap` built, or what a swap that was given up left waiting.
 * @returns the run that built it, and its views
 */
export async function swapPending(run: Omit<SwapRun, 'id'>): Promise<{ runId: string; views: ViewName[] }> {
  const waiting = (await listRelations(run.state)).filter((relation) => relation.place === 'new')
  const [first] = waiting
  if (first === undefined) {
    throw new DuroError('swap', 'nothing waits to be published', {
      hint: '`duro refresh --no-swap` builds and tests without publishing.',
    })
  }
  const runId = first.run_id
  const views = waiting.filter((relation) => relation.run_id === runId)
  const built = new Map((await listViewRuns(run.state, runId)).map((row) => [row.view, row]))
  await swap(
    { ...run, id: runId },
    views.map((relation) => ({
      view: namedView(relation.view),
      newId: relation.id,
      declared: parseDeclared(built.get(relation.view)?.declared ?? null),
    })),
  )
  await drop(run)
  return { runId, views: views.map((relation) => relation.view) }
}
