import type { Declared } from './declared.ts'
import { DuroError } from '../errors.ts'
import type { Emit } from '../events.ts'
import type { StatementFile, View, ViewName } from '../project/view.ts'
import type { Address } from '../sql/identifiers.ts'
import type { Rewritten } from '../sql/rewrite.ts'
import type { SourceName } from './sources.ts'
import type { Counted, TotalsToCount } from './totals.ts'

/** A view that a run rebuilds, with its statements pointed at the new versions of what it reads. */
export interface ViewToBuild {
  view: View
  /** Its select; or the `create table` that makes the new relation of a view that has a feed. */
  sql: Rewritten
  /** What gives it its rows in place of a select. */
  feed: FeedToBuild | null
  /** The views of the run that it reads itself. */
  reads: readonly ViewName[]
  /** Whether other views of the run read it. */
  isRead: boolean
  /** What is counted of the new version when its rows are there: not yet what reads other views. */
  totals: TotalsToCount
  /** Conditions that no row of the new version should meet, as SQL: they are looked for when its rows are counted. */
  violations: readonly string[]
  /** From the last publication; null: duro never published this view. */
  declaredBefore: Declared | null
}

export interface FeedToBuild {
  /** The select whose rows its program is given, where it takes any. */
  input: { file: StatementFile; sql: Rewritten } | null
  /** What `plan --sql` shows in the place of its work. */
  description: string
}

/** Rows from outside of the database: CSV in UTF-8, whose first line names the columns. */
export interface CsvRows {
  /** Of the file. */
  path: string
  columns: readonly string[]
}

export interface FeedWork {
  /** Writes the rows of the feed's select as CSV. */
  writeInput: (path: string) => Promise<void>
  signal: AbortSignal
}

/** Has the feed of a view make its rows, which are there while the callback runs. @throws DuroError */
export type UsingRows = <T>(view: View, work: FeedWork, callback: (rows: CsvRows) => Promise<T>) => Promise<T>

/** A new version with all its rows, committed: the views that read it can be built. */
export interface MadeView {
  /**
   * Does what nobody has to wait for: indexes that no view of the run uses, statistics, totals.
   * @param onTestable called when the new version can be tested, at the latest when it is settled
   */
  settle(signal: AbortSignal, onTestable: OnTestable): Promise<BuiltView>
}

/** @param violated as of the built view */
export type OnTestable = (violated: Counted['violated']) => void

/** A new version, ready to be tested. */
export interface BuiltView extends Counted {
  /** The new relation's object id. */
  id: number
  declared: Declared
  /** What could not be taken over from the live version, in words. */
  notices: readonly string[]
  storage: string | null
}

/** A source was truncated, written anew or replaced while the views were built: they need another moment to read it at. */
export class SourceRewrittenError extends DuroError {
  constructor(sources: readonly string[]) {
    super('build', `${sources.join(', ')} was truncated, rewritten or replaced while the views were built`, {
      hint: 'Run it again when whatever loads the sources is done.',
    })
  }
}

/** Builds the views of one run: all of them read the sources at one moment, where the run wants that. */
export interface Builder {
  /** @throws SqlError that points into the user's file */
  make(view: ViewToBuild, signal: AbortSignal): Promise<MadeView>
  /** To be called when all is built, while the run's moment is still held. @throws DuroError */
  verify(views: readonly View[]): Promise<void>
}

/** Through this program and visible to all, or on the server and visible once older transactions have ended. */
export type FillTables = 'copy' | 'insert'

export interface BuildOptions {
  runId: string
  oneInstant: boolean
  fillTables: FillTables
  /** Milliseconds to wait for transactions that would not see the rows of a table that was filled by an insert. */
  waitFor: number
  emit: Emit
  signal: AbortSignal
  /** What the run's views read and duro does not manage. */
  sources: readonly SourceName[]
  /** Tables that duro did not make may be replaced. */
  replaceTables: boolean
  usingRows: UsingRows
  /** Does some of the work on one more connection, as soon as one is to spare. It must not fail. */
  helping: (work: () => Promise<void>) => void
  /** The statement that enters a new relation into the registry, for the transaction that makes it. */
  register: (relation: Registration) => string
}

/** A relation that duro makes or moves aside. */
export interface Registration extends Address {
  id: string
  place: 'new' | 'old'
  view: ViewName
  runId: string
}
