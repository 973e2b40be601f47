import type { Colors } from '../colors.ts'
import { formatNumber } from './format-count.ts'
import { formatTable } from './format-table.ts'
import { formatTime } from './format-time.ts'

/** One dated copy of a view as `duro history <view>` lists it. */
export interface CopyRow {
  /** The copy's `snapshot_timestamp`. */
  taken: Date
  rows: number | null
  /** The run that wrote it; null for what duro did not write. */
  run: string | null
  /** The run that published what was copied. */
  published: string | null
  /** `due`: the next refresh writes it; `missed`: its version was replaced before. */
  state: 'kept' | 'due' | 'missed'
}

export interface Copies {
  /** The history table; null when there is none. */
  table: string | null
  rows: readonly CopyRow[]
  /** Whether the settings ask for copies. */
  isAsked: boolean
}

/** Copies, in the given order. */
export function formatCopies(view: string, { table, rows, isAsked }: Copies, colors: Colors): string {
  if (rows.length === 0) {
    return isAsked
      ? `No copy of ${view} yet: the next publication brings the first.`
      : `No copies of ${view} are kept: "snapshots_interval: 24h" in its settings asks for them.`
  }
  const header = ['snapshot_timestamp', 'rows', 'run', ''].map((title) => colors.bold(title))
  const cells = rows.map((row) => [
    formatTime(row.taken),
    row.rows === null ? '-' : formatNumber(String(row.rows)),
    row.run ?? '-',
    describeState(row, colors),
  ])
  const lines = formatTable([header, ...cells], ['left', 'right', 'left', 'left'])
  return [...(table === null ? [] : [`in ${table}`]), ...lines].join('\n')
}

function describeState({ state, run, published }: CopyRow, colors: Colors): string {
  if (state === 'due') return colors.yellow('not written yet')
  if (state === 'missed') return colors.yellow('missed: its version was replaced before')
  return published === null || run === published ? '' : `published by ${published}`
}
