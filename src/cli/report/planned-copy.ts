import type { ExpectedCopies } from '../../pipeline/expect-copies.ts'
import { historyTable } from '../../sql/history-table.ts'

/** A dated copy that a refresh would write. */
export interface PlannedCopy {
  view: string
  /** The history table. */
  table: string
  /** The earlier run that published the version and could not copy it; null: it is that of the refresh. */
  leftBy: string | null
}

export function plannedCopies({ left, due }: ExpectedCopies): PlannedCopy[] {
  return [
    ...left.map(({ snapshot }) => planned(snapshot.view, snapshot.run_id)),
    ...due.map((view) => planned(view, null)),
  ]
}

function planned(view: string, leftBy: string | null): PlannedCopy {
  const dot = view.indexOf('.')
  const { schema, name } = historyTable({ schema: view.slice(0, dot), name: view.slice(dot + 1) })
  return { view, table: `${schema}.${name}`, leftBy }
}
