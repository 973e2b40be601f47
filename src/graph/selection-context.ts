import type { View, ViewName } from '../project/view.ts'
import type { Graph } from './graph.ts'
import type { PathIndex } from './path-index.ts'

/** The views that `state:…` stands for. */
export interface StateSelectors {
  changed: ReadonlySet<ViewName>
  missing: ReadonlySet<ViewName>
  /** All that a refresh would rebuild on its own account: too old, changed, missing, never built or forced. */
  stale: ReadonlySet<ViewName>
  failed: ReadonlySet<ViewName>
}

export interface SelectionContext {
  views: ReadonlyMap<ViewName, View>
  graph: Graph
  /** Only for who asks: of ten thousand views it takes a while. */
  states: () => StateSelectors
  /** Absolute path of the project. */
  root: string
  /** Absolute path from which relative paths count; where they do not fit, they count from the root. */
  cwd: string
}

export interface IndexedContext extends SelectionContext {
  /** Made when it is first asked for: most selections name no path. */
  paths: () => PathIndex
}
