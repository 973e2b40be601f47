import { ProblemsError, type Problem } from '../errors.ts'
import type { Graph } from '../graph/graph.ts'
import type { Project } from '../project/project.ts'
import type { View, ViewName } from '../project/view.ts'

/** How old every view may be, in milliseconds; null: a plain view for which nobody asks anything. */
export type Intervals = ReadonlyMap<ViewName, number | null>

/**
 * A view's own interval, else the shortest among its readers, else `default_interval`.
 *
 * Plain views hold no rows and need no interval, yet they pass one on: what a plain view promises to its readers,
 * the views that it reads have to keep. A plain view that nobody reads takes `default_interval` like any other.
 *
 * @throws ProblemsError naming every view that needs an interval and gets none; a view that lacks one
 *   only because its readers do is not named, as they are
 */
export function effectiveIntervals(project: Project, graph: Graph): Intervals {
  const intervals = new Map<ViewName, number | null>()
  const blamed = new Set<ViewName>()
  const problems: Problem[] = []

  for (const name of graph.order.toReversed()) {
    const view = project.views.get(name)
    if (view === undefined) continue
    const readers = [...(graph.downstream.get(name) ?? [])]
    const interval =
      view.settings.interval ?? shortest(readers, intervals) ?? project.settings.defaultInterval
    intervals.set(name, interval)
    if (interval !== null) continue
    if (readers.some((reader) => blamed.has(reader))) blamed.add(name)
    else if (view.settings.materialized !== 'none') {
      blamed.add(name)
      problems.push(withoutInterval(view, readers))
    }
  }
  if (problems.length > 0) {
    throw new ProblemsError(
      'project',
      problems.toSorted((a, b) => (a.file < b.file ? -1 : 1)),
    )
  }
  return intervals
}

function shortest(readers: readonly ViewName[], intervals: Intervals): number | null {
  // A loop, and no `Math.min(...)`: ten thousand readers are more arguments than some stacks take.
  let found: number | null = null
  for (const reader of readers) {
    const interval = intervals.get(reader) ?? null
    if (interval !== null && (found === null || interval < found)) found = interval
  }
  return found
}

function withoutInterval(view: View, readers: readonly ViewName[]): Problem {
  const cause =
    readers.length === 0
      ? 'no view reads it'
      : `only plain views without an interval read it (${readers.join(', ')})`
  return {
    message: `${view.name} has no interval, and ${cause}`,
    file: view.file.path,
    hint: `put it into the file's name, as in \`${view.relation} — 24h.sql\`, or set interval for the view, or default_interval in duro.yaml`,
  }
}
