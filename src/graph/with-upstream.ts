import type { Graph } from './graph.ts'
import { reach } from './reach.ts'
import type { Selection } from './selection.ts'

/** The same selection with everything that its views read, near or far; what is excluded stays so. */
export function withUpstream(selection: Selection, graph: Graph): Selection {
  const selected = new Set(selection.selected)
  for (const name of reach(graph.upstream, selection.selected)) {
    if (!selection.excluded.has(name)) selected.add(name)
  }
  return { ...selection, selected }
}
