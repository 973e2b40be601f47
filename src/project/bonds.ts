import type { ViewName } from './view.ts'

/** What the live version of a view hangs on, directly: other live versions. */
export interface Bonds {
  /** It would go with them, or stay on what is old. */
  boundTo: ReadonlySet<ViewName>
  /** It is a table with columns that hold rows of them: it can be pointed at other rows, if those fit. */
  keepsRowsOf: ReadonlySet<ViewName>
}

/** Of a view that has no live version, too. */
export const noBonds: Bonds = { boundTo: new Set(), keepsRowsOf: new Set() }
