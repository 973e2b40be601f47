import type { ViewName } from '../project/view.ts'
import type { Graph } from './graph.ts'
import { byName } from './sort-views.ts'

/**
 * The graph as a Mermaid flowchart, which GitHub and GitLab show in Markdown. Arrows go where the data goes.
 * Boxes are numbered, as names may have any character and Mermaid's identifiers may not.
 */
export function drawMermaid(graph: Graph, labels: ReadonlyMap<ViewName, string> = new Map()): string {
  const ids = new Map(graph.order.map((name, index) => [name, `v${index + 1}`]))
  const lines = ['flowchart LR']
  for (const name of graph.order) {
    const label = labels.get(name)
    const text = [name, ...(label === undefined ? [] : [label])].map(escape).join('<br>')
    lines.push(`  ${ids.get(name)}["${text}"]`)
  }
  for (const name of graph.order) {
    for (const reader of [...(graph.downstream.get(name) ?? [])].toSorted(byName)) {
      lines.push(`  ${ids.get(name)} --> ${ids.get(reader)}`)
    }
  }
  return lines.join('\n')
}

/** Within quotes Mermaid still reads HTML, entities and Markdown. */
function escape(text: string): string {
  return text.replaceAll(/[#"&<>`*]/g, (character) => `#${character.codePointAt(0)};`)
}
