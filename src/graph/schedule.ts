import type { ViewName } from '../project/view.ts'
import { remainingPaths, type Durations, type Task } from './critical-path.ts'
import { Heap } from './heap.ts'

export interface Schedule {
  /** Begin and end of each view, counted from the begin of the run. */
  views: ReadonlyMap<ViewName, { begin: number; end: number }>
  makespan: number
}

/**
 * What a run will look like when every free worker takes, of the views whose upstream is built, the one with the
 * longest remaining path (list scheduling). Deterministic: ties go by the order of `tasks`.
 *
 * @param tasks upstream first
 * @param concurrency at least 1
 */
export function schedule(tasks: readonly Task[], durations: Durations, concurrency: number): Schedule {
  const remaining = remainingPaths(tasks, durations)
  const { waitsFor, readers } = countWaits(tasks)
  const ready = new Heap<{ index: number; name: ViewName; remaining: number }>(
    (a, b) => a.remaining > b.remaining || (a.remaining === b.remaining && a.index < b.index),
  )
  const running = new Heap<{ index: number; name: ViewName; end: number }>(
    (a, b) => a.end < b.end || (a.end === b.end && a.index < b.index),
  )
  const enqueue = (index: number, name: ViewName) =>
    ready.push({ index, name, remaining: remaining.get(name) ?? 0 })
  for (const [index, { name }] of tasks.entries()) if (waitsFor.get(name) === 0) enqueue(index, name)

  const views = new Map<ViewName, { begin: number; end: number }>()
  let now = 0
  for (;;) {
    while (running.size < concurrency) {
      const next = ready.pop()
      if (next === undefined) break
      const end = now + (durations.get(next.name) ?? 0)
      views.set(next.name, { begin: now, end })
      running.push({ index: next.index, name: next.name, end })
    }
    const done = running.pop()
    if (done === undefined) return { views, makespan: now }
    now = done.end
    for (const { index, name } of readers.get(done.name) ?? []) {
      const left = (waitsFor.get(name) ?? 0) - 1
      waitsFor.set(name, left)
      if (left === 0) enqueue(index, name)
    }
  }
}

function countWaits(tasks: readonly Task[]) {
  const readers = new Map<ViewName, { index: number; name: ViewName }[]>(tasks.map(({ name }) => [name, []]))
  const waitsFor = new Map<ViewName, number>()
  for (const [index, { name, after }] of tasks.entries()) {
    const within = after.filter((before) => readers.has(before))
    waitsFor.set(name, within.length)
    for (const before of within) readers.get(before)?.push({ index, name })
  }
  return { waitsFor, readers }
}
