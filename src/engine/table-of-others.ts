import { DuroError } from '../errors.ts'
import type { ViewName } from '../project/view.ts'

/** One that came after the preflight: its rows may exist nowhere else. */
export const tableOfOthers = (view: ViewName): DuroError =>
  new DuroError('swap', `a table that duro did not make stands under the name ${view} by now`, {
    hint: 'Rename it, or run duro refresh with --replace-tables to replace it for good.',
  })
