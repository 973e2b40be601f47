import type { ViewName } from '../project/view.ts'
import type { Edges } from './sort-views.ts'

/** Everything that `edges` lead to from `from`, near or far; `from` itself only where a way leads back to it. */
export function reach(edges: Edges, from: Iterable<ViewName>): Set<ViewName> {
  const reached = new Set<ViewName>()
  const open = [...from]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const next of edges.get(name) ?? []) {
      if (reached.has(next)) continue
      reached.add(next)
      open.push(next)
    }
  }
  return reached
}
