import type { ViewName } from '../project/view.ts'
import { failuresOf, valuesOf } from './outcomes.ts'
import type { Run } from './run.ts'
import { runInOrder } from './run-in-order.ts'

/** Reads several views at once, while nothing else is done. @throws what the first of them threw, when all have ended */
export async function inParallel<T>(
  run: Pick<Run, 'project' | 'signal'>,
  names: readonly ViewName[],
  work: (name: ViewName, signal: AbortSignal) => Promise<T>,
): Promise<ReadonlyMap<ViewName, T>> {
  const outcomes = await runInOrder({
    tasks: names.map((name) => ({ name, after: [] })),
    durations: new Map(),
    concurrency: run.project.settings.concurrency + 1,
    work,
    onFailure: 'finish',
    signal: run.signal,
  })
  const [failure] = failuresOf(outcomes).values()
  if (failure !== undefined) throw failure
  return valuesOf(outcomes)
}
