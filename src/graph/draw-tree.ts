import type { ViewName } from '../project/view.ts'
import type { Graph } from './graph.ts'
import { byName } from './sort-views.ts'

/** Put behind a view whose readers stand further up, below its first mention. */
const SEE_ABOVE = ' ↑'

interface Branch {
  name: ViewName
  /** What stands before the readers of this view. */
  indent: string
  /** What stands before its name. */
  joint: string
}

/**
 * The graph as an indented tree: the views that read no other view at the left, under each view its readers.
 * A view that reads several stands under each of them, and its own readers only once.
 */
export function drawTree(graph: Graph, labels: ReadonlyMap<ViewName, string> = new Map()): string {
  const roots = graph.order.filter((name) => graph.upstream.get(name)?.size === 0)
  const open: Branch[] = roots.toReversed().map((name) => ({ name, indent: '', joint: '' }))
  const drawn = new Set<ViewName>()
  const lines: string[] = []
  for (let branch = open.pop(); branch !== undefined; branch = open.pop()) {
    const { name, indent, joint } = branch
    const readers = [...(graph.downstream.get(name) ?? [])].toSorted(byName)
    const isRepeated = drawn.has(name)
    if (isRepeated) {
      lines.push(joint + name + (readers.length > 0 ? SEE_ABOVE : ''))
      continue
    }
    const label = labels.get(name)
    lines.push(joint + name + (label === undefined ? '' : ` ${label}`))
    drawn.add(name)
    // A stack gives back the last first.
    for (const [index, reader] of readers.toReversed().entries()) {
      const isLast = index === 0
      open.push({
        name: reader,
        joint: `${indent}${isLast ? '└─ ' : '├─ '}`,
        indent: `${indent}${isLast ? '   ' : '│  '}`,
      })
    }
  }
  return lines.join('\n')
}
