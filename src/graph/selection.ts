import type { ViewName } from '../project/view.ts'
export interface StateSelectors {
  changed: ReadonlySet<ViewName>
  stale: ReadonlySet<ViewName>
  missing: ReadonlySet<ViewName>
  failed: ReadonlySet<ViewName>
}
export interface Selection {
  selected: ReadonlySet<ViewName>
  named: ReadonlySet<ViewName>
  excluded: ReadonlySet<ViewName>
}
