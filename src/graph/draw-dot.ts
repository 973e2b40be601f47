import type { ViewName } from '../project/view.ts'
import type { Graph } from './graph.ts'
import { byName } from './sort-views.ts'

/** The graph in Graphviz's language, for `dot -Tsvg`. Arrows go where the data goes. */
export function drawDot(graph: Graph, labels: ReadonlyMap<ViewName, string> = new Map()): string {
  const lines = ['digraph duro {', '  rankdir=LR;', '  node [shape=box, fontname="sans-serif"];']
  for (const name of graph.order) {
    const label = labels.get(name)
    // `\n` within a label is Graphviz's line break.
    const attributes = label === undefined ? '' : ` [label="${escape(name)}\\n${escape(label)}"]`
    lines.push(`  "${escape(name)}"${attributes};`)
  }
  for (const name of graph.order) {
    for (const reader of [...(graph.downstream.get(name) ?? [])].toSorted(byName)) {
      lines.push(`  "${escape(name)}" -> "${escape(reader)}";`)
    }
  }
  return [...lines, '}'].join('\n')
}

function escape(text: string): string {
  return text.replaceAll('\\', String.raw`\\`).replaceAll('"', String.raw`\"`)
}
