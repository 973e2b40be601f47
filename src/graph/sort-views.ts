import type { ViewName } from '../project/view.ts'

export type Edges = ReadonlyMap<ViewName, ReadonlySet<ViewName>>

export interface SortedViews {
  /** Upstream first; views of the same depth by name. */
  order: readonly ViewName[]
  /** What has no place in the order: views on a cycle, and all that is downstream of one. */
  unsorted: readonly ViewName[]
}

/**
 * Topological order by depth (the longest way from a view that reads no other view), then by name:
 * the same project always gives the same order, whatever the order of its files.
 */
export function sortViews(upstream: Edges, downstream: Edges): SortedViews {
  const depth = new Map<ViewName, number>()
  const waitsFor = new Map<ViewName, number>()
  const ready: ViewName[] = []
  for (const [name, reads] of upstream) {
    waitsFor.set(name, reads.size)
    if (reads.size === 0) {
      ready.push(name)
      depth.set(name, 0)
    }
  }
  const reached = new Map<ViewName, number>()
  for (let name = ready.pop(); name !== undefined; name = ready.pop()) {
    const below = (depth.get(name) ?? 0) + 1
    for (const reader of downstream.get(name) ?? []) {
      reached.set(reader, Math.max(reached.get(reader) ?? 0, below))
      const left = (waitsFor.get(reader) ?? 0) - 1
      waitsFor.set(reader, left)
      if (left === 0) {
        depth.set(reader, reached.get(reader) ?? below)
        ready.push(reader)
      }
    }
  }
  const names = [...upstream.keys()].toSorted(byName)
  return {
    order: names
      .filter((name) => depth.has(name))
      .toSorted((a, b) => (depth.get(a) ?? 0) - (depth.get(b) ?? 0) || byName(a, b)),
    unsorted: names.filter((name) => !depth.has(name)),
  }
}

/** By code units, not by locale: every machine sorts alike. */
export function byName(a: ViewName, b: ViewName): number {
  return a < b ? -1 : a > b ? 1 : 0
}
