import type { NamedView } from '../project/view.ts'
import type { Address } from '../sql/identifiers.ts'

/** A dated copy of a live view. */
export interface HistoryCopy {
  view: NamedView
  /** Object id of the relation that was published. */
  relation: number
  /** What its rows have as `snapshot_timestamp`. */
  takenAt: Date
  /** Object id of the history table that duro knows; null: it knows none. */
  registered: number | null
}

export interface CopyOptions {
  /** Run first, in the transaction that writes: changes one row, unless the copy was written before. */
  claim: string
  /** Notes the rows of the copy. @param rows SQL for their number */
  written: (rows: string) => string
  /** Enters the table into the registry. @param id SQL for its object id */
  register: (table: Address, id: string) => string[]
  signal: AbortSignal
}

export type CopyResult =
  | { kind: 'written'; rows: number; notices: readonly string[] }
  | { kind: 'written before' }

/** Copies of one view that nobody needs any more. */
export interface PrunedCopies {
  view: NamedView
  /** At least one. */
  takenAt: readonly Date[]
  /** Run in the same transaction. */
  forget: string
}

/** What is in a history table. */
export interface KeptCopies {
  table: Address
  /** Newest first. */
  copies: readonly { takenAt: Date; rows: number }[]
}
