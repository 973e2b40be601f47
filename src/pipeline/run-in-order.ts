import { toError } from '../errors.ts'
import { remainingPaths, type Durations, type Task } from '../graph/critical-path.ts'
import type { ViewName } from '../project/view.ts'
import type { Outcome, Outcomes } from './outcomes.ts'

export interface OrderedWork<T> {
  /** Upstream first. */
  tasks: readonly Task[]
  durations: Durations
  concurrency: number
  work: (name: ViewName, signal: AbortSignal) => Promise<T>
  /** After a failure: go on with what does not depend on it, finish what is in work, or cancel that too. */
  onFailure: 'keep going' | 'finish' | 'cancel'
  signal: AbortSignal
}

/**
 * Works through tasks in the order of their dependencies, some at once; of those that may begin, the one with the
 * longest remaining path does. A failure is an outcome, not an exception; an interruption is thrown, when all
 * work has ended.
 */
export async function runInOrder<T>(input: OrderedWork<T>): Promise<Outcomes<T>> {
  const { tasks, concurrency, onFailure } = input
  const remaining = remainingPaths(tasks, input.durations)
  const outcomes = new Map<ViewName, Outcome<T>>()
  const waiting = new Set(
    tasks.toSorted((one, other) => (remaining.get(other.name) ?? 0) - (remaining.get(one.name) ?? 0)),
  )
  const names = new Set(tasks.map((task) => task.name))
  const running = new Map<ViewName, Promise<void>>()
  const cancelling = new AbortController()
  const signal = AbortSignal.any([input.signal, cancelling.signal])
  let firstFailure: ViewName | null = null

  const begin = (name: ViewName): void => {
    const work = input
      .work(name, signal)
      .then(
        (value) => void outcomes.set(name, { kind: 'done', value }),
        (error: unknown) => {
          const cancelled = firstFailure !== null && cancelling.signal.aborted
          outcomes.set(
            name,
            cancelled
              ? { kind: 'skipped', because: firstFailure ?? name }
              : { kind: 'failed', error: toError(error) },
          )
          if (cancelled) return
          firstFailure ??= name
          if (onFailure === 'cancel') cancelling.abort()
        },
      )
      .finally(() => running.delete(name))
    running.set(name, work)
  }

  for (;;) {
    if (!input.signal.aborted) {
      for (const task of waiting) {
        const obstacle = obstacleOf(task, names, outcomes, onFailure === 'keep going' ? null : firstFailure)
        if (obstacle === 'wait') continue
        if (obstacle === null && running.size >= concurrency) break
        waiting.delete(task)
        if (obstacle === null) begin(task.name)
        else outcomes.set(task.name, { kind: 'skipped', because: obstacle.because })
      }
    }
    if (running.size === 0) {
      input.signal.throwIfAborted()
      if (waiting.size === 0) return outcomes
      continue
    }
    await Promise.race(running.values())
  }
}

/** Null: it may begin. */
function obstacleOf<T>(
  task: Task,
  names: ReadonlySet<ViewName>,
  outcomes: Outcomes<T>,
  stoppedBy: ViewName | null,
): 'wait' | { because: ViewName } | null {
  if (stoppedBy !== null) return { because: stoppedBy }
  for (const before of task.after) {
    if (!names.has(before)) continue
    const outcome = outcomes.get(before)
    if (outcome === undefined) return 'wait'
    if (outcome.kind === 'failed') return { because: before }
    if (outcome.kind === 'skipped') return { because: outcome.because }
  }
  return null
}
