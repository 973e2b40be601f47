import type { Dialect } from 'kysely'
import type { Declared } from './declared.ts'
import { DuroError, type Problem } from '../errors.ts'
import type { Emit, Stage, Totals } from '../events.ts'
import type { StatementFile, View, ViewName } from '../project/view.ts'
import type { EngineName } from '../sql/engine-name.ts'
import type { Address } from '../sql/identifiers.ts'
import type { ParsedStatement } from '../sql/parser.ts'
import type { Rewritten } from '../sql/rewrite.ts'
import type { SqlFile } from '../project/view.ts'

/** `live` is what readers use, `new` the version being built, `old` the version just replaced. */
export type Place = 'live' | 'new' | 'old'

export interface ServerInfo {
  /** `PostgreSQL 18.4`. */
  description: string
  /** Where it is, without credentials: `host:port/name`. */
  target: string
}

/** What stands under a view's name. */
export interface LiveRelation {
  /** The server's object id. */
  id: number
  kind: string
  /** Changes when the rows are written anew; null where there are none. */
  storage: string | null
}

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
   * @param onReady called when the new version can be tested, at the latest when it is settled
   */
  settle(signal: AbortSignal, onReady: () => void): Promise<BuiltView>
}

/** A new version, ready to be tested. */
export interface BuiltView {
  /** The new relation's object id. */
  id: number
  declared: Declared
  /** What could not be taken over from the live version, in words. */
  notices: readonly string[]
  storage: string | null
  totals: Totals
}

/** A relation that a source is, or leads to through views and functions. */
export interface ReachedSource {
  /** The source as the select names it, or a function that a view calls, as `schema.name()`. */
  source: string
  /** That calls the function; absent where it is the text of a view that names the source. */
  view?: string
  schema: string
  name: string
  /** A foreign table: what it shows belongs to no snapshot of this server. */
  foreign: boolean
}

/** What making a view's new relation without rows has shown. */
export interface Trial {
  view: View
  /** The server refuses the select. */
  error: DuroError | null
  /** How its columns differ from those of the live version, in words. */
  changes: readonly string[]
  /** What depends on the live version and could not be made again on the new columns, in words. */
  broken: readonly string[]
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
  usingRows: UsingRows
  /** Does some of the work on one more connection, at once; null where none is to spare. */
  helping: <T>(work: () => Promise<T>) => Promise<T> | null
  /** The statement that enters a new relation into the registry, for the transaction that makes it. */
  register: (relation: Registration) => string
}

/** A statement of a run that is only described. */
export interface DescribedStatement {
  stage: Stage
  /** Null: it is about all of them. */
  view: ViewName | null
  sql: string
}

export interface DescribeOptions extends Pick<
  BuildOptions,
  'runId' | 'oneInstant' | 'fillTables' | 'register'
> {
  bookkeeping: readonly string[]
}

/** A relation that duro makes or moves aside. */
export interface Registration extends Address {
  id: string
  place: 'new' | 'old'
  view: ViewName
  runId: string
}

/** A relation as a select names it; null: looked up along the search path. */
export interface SourceName {
  schema: string | null
  name: string
}

/** One view of a swap: what becomes live, and what no longer is. */
export interface SwapMember {
  view: NamedView
  /** Object id of the relation that becomes live; null: none does, the live one only goes. */
  comingId: number | null
  /** Where it waits, when that is not where new versions are built. */
  comingAt: Address | null
  /** What the settings declared at the last publication and at this build; null: nothing is caught up. */
  declared: { before: Declared | null; now: Declared } | null
}

/** A view by its name, whole and in parts. */
export type NamedView = Pick<View, 'name' | 'schema' | 'relation'>

export interface SwapOptions {
  runId: string
  /** `publish`: the new versions become live. `back`: the old ones do, and what was live becomes new again. */
  direction: 'publish' | 'back'
  /** Milliseconds in which the swap is tried again when readers are in the way. */
  giveUpAfter: number
  /** Written in the same transaction as the swap. */
  bookkeeping: (ids: readonly SwappedIds[]) => string[]
  emit: Emit
  signal: AbortSignal
}

export interface SwappedIds {
  view: ViewName
  comingId: number | null
  goingId: number | null
  /** Where the relation that was live is now. */
  keptAt: Address
}

export type SwapOutcome = {
  attempts: number
  /** The sessions that were in the way of any attempt, each in words. */
  waitedFor: readonly string[]
} & (
  | { kind: 'done'; lockedFor: number; swapped: readonly SwappedIds[] }
  | { kind: 'blocked' }
  | { kind: 'unknown'; error: Error }
)

/** A relation that duro made and that is not live. */
export interface Leftover {
  id: number
  address: Address
}

export interface DropOptions {
  /** Milliseconds to wait for readers that still use a relation, and for older transactions to end. */
  waitFor: number
}

export interface DropResult {
  dropped: readonly Leftover[]
  /** Registered, and not there any more. */
  gone: readonly Leftover[]
  kept: readonly { leftover: Leftover; because: string }[]
}

export interface ObstacleOptions {
  views: readonly View[]
  /** The relations that duro published, by view. */
  published: ReadonlyMap<ViewName, number>
  /** Tables that duro did not make may be replaced. */
  replaceTables: boolean
}

export interface PrepareOptions extends ObstacleOptions {
  emit: Emit
}

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

/** A select of a user's file, ready to run. */
export interface Question {
  /** How messages call it. */
  label: string
  file: SqlFile | null
  statement: ParsedStatement | null
  sql: Rewritten
}

export interface LockOptions {
  /** Milliseconds to wait until another run ends. */
  wait: number
  /** What others are told about this run. */
  label: string
  emit: Emit
  signal: AbortSignal
}

/** Those of some runs, or all that are too old to be of a run that is still under way, of this project or another. */
export type AbandonedLoads = { runIds: readonly string[] } | 'old'

/** What the pipeline asks of a database. */
export interface Engine {
  readonly name: EngineName
  readonly server: ServerInfo
  /** For the state tables: one connection, apart from those that build. */
  readonly stateDialect: Dialect

  addressOf(view: NamedView, place: Place): Address
  /** What stands under the views' names; a view without a relation has no entry. */
  inspect(views: readonly NamedView[]): Promise<ReadonlyMap<ViewName, LiveRelation>>

  /** The statements of a run without its data tests, in order. Changes nothing. */
  describe(views: readonly ViewToBuild[], options: DescribeOptions): Promise<DescribedStatement[]>

  /** One run at a time. @throws DuroError with the code `locked`, naming the holder */
  usingRunLock<T>(options: LockOptions, callback: () => Promise<T>): Promise<T>
  /** What sources lead to, in the catalog, and the functions that live views call. */
  reach(sources: readonly SourceName[], views: readonly NamedView[]): Promise<ReachedSource[]>
  /** Makes the new relations without rows, looks at them, and takes all back. Views come upstream first. */
  tryOut(views: readonly ViewToBuild[], planned: readonly NamedView[], signal: AbortSignal): Promise<Trial[]>
  /** Everything that would make a swap fail, or lose something. Changes nothing. */
  findObstacles(options: ObstacleOptions): Promise<Problem[]>
  /** Makes missing schemas, and refuses what cannot end well. @throws ProblemsError with the code `preflight` */
  prepare(options: PrepareOptions): Promise<void>
  usingBuilder<T>(options: BuildOptions, callback: (builder: Builder) => Promise<T>): Promise<T>
  totals(view: View, place: Place, signal: AbortSignal): Promise<Totals>
  /** Calls back with each row of a question, until it says stop. @throws SqlError that points into the user's file */
  ask(question: Question, onRow: (row: Row) => 'go on' | 'stop', signal: AbortSignal): Promise<void>
  swap(members: readonly SwapMember[], options: SwapOptions): Promise<SwapOutcome>
  /** Drops relations that duro made and registered, dependents first. Those still in use stay. */
  drop(leftovers: readonly Leftover[], options: DropOptions): Promise<DropResult>
  /** Drops a live relation that duro published and nobody depends on. @throws SqlError */
  dropLive(view: NamedView, id: number): Promise<void>
  /** Removes the schemas that duro made for new and old versions, where they are empty. */
  tidy(schemas: readonly string[]): Promise<void>
  /** Removes what killed runs have left where rows wait to be loaded. @throws DuroError */
  removeAbandonedLoads(which: AbandonedLoads): Promise<void>
  /** Adds what is live to the view's history table, once. @throws DuroError after which nothing was written */
  copyToHistory(copy: HistoryCopy, options: CopyOptions): Promise<CopyResult>
  /** @throws DuroError after which all is still there */
  pruneHistory(pruned: PrunedCopies): Promise<void>
  /** Null: there is no history table. */
  listCopies(view: NamedView): Promise<KeptCopies | null>
  /** The statements of a copy, in order. Changes nothing. */
  describeHistory(copy: HistoryCopy, options: Omit<CopyOptions, 'signal'>): Promise<DescribedStatement[]>
  close(): Promise<void>
}

export type Row = Readonly<Record<string, unknown>>
