import type { ViewName } from '../project/view.ts'
import { byName, type Edges } from './sort-views.ts'

/**
 * One cycle for each group of views that reach each other, as a path along `edges` that ends where it begins:
 * `[a, b, a]`. It is a shortest one through the group's first view by name, as a person can mend only what fits the eye.
 */
export function findCycles(edges: Edges, among: readonly ViewName[]): ViewName[][] {
  return findComponents(edges, among)
    .filter((group) => group.length > 1 || group.some((name) => edges.get(name)?.has(name)))
    .map((group) => group.toSorted(byName))
    .toSorted((a, b) => byName(a[0] ?? '', b[0] ?? ''))
    .map((group) => shortestCycle(edges, group))
}

/** Strongly connected components, after Kosaraju: two walks with a stack of their own, since chains may be long. */
function findComponents(edges: Edges, among: readonly ViewName[]): ViewName[][] {
  const inside = new Set(among)
  const against = new Map<ViewName, ViewName[]>(among.map((name) => [name, []]))
  for (const name of among) for (const next of edges.get(name) ?? []) against.get(next)?.push(name)

  const seen = new Set<ViewName>()
  const groups: ViewName[][] = []
  for (const start of byFinish(edges, among, inside).toReversed()) {
    if (seen.has(start)) continue
    seen.add(start)
    const group = [start]
    // The array grows while it is read: it is the queue as well.
    for (const name of group) {
      for (const next of against.get(name) ?? []) {
        if (seen.has(next)) continue
        seen.add(next)
        group.push(next)
      }
    }
    groups.push(group)
  }
  return groups
}

function byFinish(edges: Edges, among: readonly ViewName[], inside: ReadonlySet<ViewName>): ViewName[] {
  const seen = new Set<ViewName>()
  const finished: ViewName[] = []
  for (const start of among) {
    if (seen.has(start)) continue
    seen.add(start)
    const path = [{ name: start, rest: (edges.get(start) ?? new Set()).values() }]
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.rest.next()
      if (next.done === true) {
        finished.push(top.name)
        path.pop()
      } else if (inside.has(next.value) && !seen.has(next.value)) {
        seen.add(next.value)
        path.push({ name: next.value, rest: (edges.get(next.value) ?? new Set()).values() })
      }
    }
  }
  return finished
}

/** `group` is sorted and strongly connected, so its first view lies on a cycle. */
function shortestCycle(edges: Edges, group: readonly ViewName[]): ViewName[] {
  const inside = new Set(group)
  const start = group[0] ?? ''
  const cameFrom = new Map<ViewName, ViewName>()
  const queue = [start]
  for (const name of queue) {
    for (const next of [...(edges.get(name) ?? [])].toSorted(byName)) {
      if (next === start) return pathTo(name, start, cameFrom)
      if (!inside.has(next) || cameFrom.has(next)) continue
      cameFrom.set(next, name)
      queue.push(next)
    }
  }
  return [start]
}

function pathTo(last: ViewName, start: ViewName, cameFrom: ReadonlyMap<ViewName, ViewName>): ViewName[] {
  const backwards = [start, last]
  for (let name = last; name !== start;) {
    name = cameFrom.get(name) ?? start
    backwards.push(name)
  }
  return backwards.toReversed()
}
