import type { Graph } from '../graph/graph.ts'
import type { Selection } from '../graph/selection.ts'
import type { ViewName } from '../project/view.ts'

export interface RebuildQuestion {
  graph: Graph
  selection: Selection
  /** Selected views that are rebuilt in any case: stale, named or forced. */
  seeds: readonly ViewName[]
  isStale: (name: ViewName) => boolean
  /** Whether the live relation hangs on the relations that it reads: when they go, it has to go with them. */
  isBound: (name: ViewName) => boolean
  isMissing: (name: ViewName) => boolean
  /** Whose live relations have to go with that of a view, whatever their SQL says by now. */
  hangingOn: (name: ViewName) => Iterable<ViewName>
}

export interface Rebuilds {
  views: ReadonlySet<ViewName>
  /** Excluded, and bound to a view that is rebuilt. */
  excludedBound: readonly Conflict[]
  /** Excluded, and read by a view that is rebuilt, though it does not exist. */
  excludedMissing: readonly Conflict[]
}

export interface Conflict {
  excluded: ViewName
  rebuilt: ViewName
}

/**
 * Two rules, until nothing is added:
 *
 * - what is bound to a rebuilt view is rebuilt with it, selected or not, else it would stay on the old version: by its
 *   SQL, or by that of the version that is live.
 *   A table is not bound, so nothing follows through it; what does not exist has nothing to follow with;
 * - whatever is rebuilt, its stale upstream is rebuilt first, selected or not. The search goes on above a view that is
 *   fresh and bound, as it would follow, and ends at a fresh table: it keeps its rows whatever happens above it.
 */
export function findRebuilds(question: RebuildQuestion): Rebuilds {
  const { graph, selection, seeds, isStale, isBound, isMissing, hangingOn } = question
  const views = new Set(seeds)
  const queue = [...seeds]
  const searched = new Set<ViewName>()
  const excludedBound: Conflict[] = []
  const excludedMissing: Conflict[] = []

  const pullReaders = (rebuilt: ViewName) => {
    const readers = [...(graph.downstream.get(rebuilt) ?? [])].filter(
      (reader) => isBound(reader) && !isMissing(reader),
    )
    for (const reader of [...readers, ...hangingOn(rebuilt)]) {
      if (views.has(reader)) continue
      if (selection.excluded.has(reader)) {
        excludedBound.push({ excluded: reader, rebuilt })
        continue
      }
      views.add(reader)
      queue.push(reader)
    }
  }

  const addStaleUpstream = (rebuilt: ViewName) => {
    const open = [...(graph.upstream.get(rebuilt) ?? [])]
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (selection.excluded.has(name)) {
        if (isMissing(name)) excludedMissing.push({ excluded: name, rebuilt })
      } else if (!searched.has(name)) {
        searched.add(name)
        if (isStale(name)) {
          if (!views.has(name)) queue.push(name)
          views.add(name)
        } else if (isBound(name)) open.push(...(graph.upstream.get(name) ?? []))
      }
    }
  }

  // The array grows while it is read.
  for (const name of queue) {
    pullReaders(name)
    addStaleUpstream(name)
  }
  return { views, excludedBound, excludedMissing }
}
