import { ProblemsError, type Problem } from '../errors.ts'
import type { Project } from '../project/project.ts'
import type { ViewName } from '../project/view.ts'
import { describeCycle } from './describe-cycle.ts'
import { findCycles } from './cycles.ts'
import { findReads } from './find-reads.ts'
import type { Graph, SourceReference } from './graph.ts'
import { sortViews } from './sort-views.ts'

/**
 * Finds what every view reads: the relations in its select, and what `depends_on` names.
 * What a view's data tests read makes no edge: they run after the build, and may read any view.
 *
 * @throws ProblemsError for `depends_on` that names no view, and for every cycle, all in one pass
 */
export function buildGraph(project: Project): Graph {
  const names = [...project.views.keys()]
  const upstream = new Map<ViewName, Set<ViewName>>(names.map((name) => [name, new Set()]))
  const downstream = new Map<ViewName, Set<ViewName>>(names.map((name) => [name, new Set()]))
  const sources = new Map<ViewName, readonly SourceReference[]>()
  const problems: Problem[] = []

  for (const view of project.views.values()) {
    const found = findReads(view, project)
    sources.set(view.name, found.sources)
    problems.push(...found.problems)
    for (const read of found.views) {
      upstream.get(view.name)?.add(read)
      downstream.get(read)?.add(view.name)
    }
  }

  const { order, unsorted } = sortViews(upstream, downstream)
  problems.push(...findCycles(upstream, unsorted).map((cycle) => describeCycle(cycle, project)))
  if (problems.length > 0) throw new ProblemsError('graph', problems)
  return { order, upstream, downstream, sources }
}
