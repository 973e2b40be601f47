import type { ViewName } from '../project/view.ts'

/** A view to be built, and what has to be built before it. */
export interface Task {
  name: ViewName
  /** Names of other tasks; what is no task of the same list is taken as built. */
  after: readonly ViewName[]
}

/** By view; the unit is the caller's. A view without an entry takes no time. */
export type Durations = ReadonlyMap<ViewName, number>

/**
 * How long it takes, from the begin of each view, until the last view that waits for it is built: its own duration
 * and the longest way below. Whoever starts the view with the longest remaining path first ends soonest.
 *
 * @param tasks upstream first
 */
export function remainingPaths(tasks: readonly Task[], durations: Durations): Map<ViewName, number> {
  const below = new Map<ViewName, number>()
  const remaining = new Map<ViewName, number>()
  for (const { name, after } of tasks.toReversed()) {
    const own = (durations.get(name) ?? 0) + (below.get(name) ?? 0)
    remaining.set(name, own)
    for (const before of after) below.set(before, Math.max(below.get(before) ?? 0, own))
  }
  return remaining
}

/**
 * The longest path through the tasks, upstream first: however many are built at once, no run is shorter than it.
 *
 * @param tasks upstream first; of paths equally long, the one is taken whose views come first
 */
export function criticalPath(tasks: readonly Task[], durations: Durations): ViewName[] {
  const ends = new Map<ViewName, number>()
  const previous = new Map<ViewName, ViewName | undefined>()
  for (const { name, after } of tasks) {
    const latest = maxBy(after, ends)
    previous.set(name, latest)
    ends.set(name, (latest === undefined ? 0 : (ends.get(latest) ?? 0)) + (durations.get(name) ?? 0))
  }
  const path: ViewName[] = []
  for (let name = maxBy(ends.keys(), ends); name !== undefined; name = previous.get(name)) path.push(name)
  return path.toReversed()
}

function maxBy(names: Iterable<ViewName>, values: ReadonlyMap<ViewName, number>): ViewName | undefined {
  let found: ViewName | undefined
  let most = -Infinity
  for (const name of names) {
    const value = values.get(name)
    if (value !== undefined && value > most) {
      found = name
      most = value
    }
  }
  return found
}

/** No schedule is shorter than this: the longest path needs its time, and so does all work shared out evenly. */
export function lowerBound(tasks: readonly Task[], durations: Durations, concurrency: number): number {
  let work = 0
  let longest = 0
  for (const { name } of tasks) work += durations.get(name) ?? 0
  for (const remaining of remainingPaths(tasks, durations).values()) longest = Math.max(longest, remaining)
  return Math.max(longest, work / concurrency)
}
