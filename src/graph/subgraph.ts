import type { ViewName } from '../project/view.ts'
import type { Graph } from './graph.ts'

/** The part of a graph that a picture shows: these views, and the edges between them. */
export function subgraph(graph: Graph, names: ReadonlySet<ViewName>): Graph {
  const among = (edges: Graph['upstream']) =>
    new Map(
      [...edges]
        .filter(([name]) => names.has(name))
        .map(([name, others]) => [name, new Set([...others].filter((other) => names.has(other)))]),
    )
  return {
    order: graph.order.filter((name) => names.has(name)),
    upstream: among(graph.upstream),
    downstream: among(graph.downstream),
    sources: new Map([...graph.sources].filter(([name]) => names.has(name))),
  }
}
