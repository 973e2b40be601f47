import type { Dialect } from 'kysely'
import type { DuroError, Problem } from '../errors.ts'
import type { Emit, Stage, Totals } from '../events.ts'
import type { Bonds } from '../project/bonds.ts'
import type { NamedView, SqlFile, View, ViewName } from '../project/view.ts'
import type { EngineName } from '../sql/engine-name.ts'
import type { Address } from '../sql/identifiers.ts'
import type { ParsedStatement } from '../sql/parser.ts'
import type { Rewritten } from '../sql/rewrite.ts'
import type { Builder, BuildOptions, ViewToBuild } from './builder.ts'
import type { Declared } from './declared.ts'
import type { FailedStatement } from './explain-failure.ts'
import type { CopyOptions, CopyResult, HistoryCopy, KeptCopies, PrunedCopies } from './history-copy.ts'
import type { TotalsToCount } from './totals.ts'
import type { ReachedSource, SourceName } from './sources.ts'

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
  /** Whether the role may use its schema: one that it may not is passed over when a name without a schema is looked up. */
  isReachable: boolean
}

/** A view whose definition is new, with what will be asked of its new version. */
export interface ViewToTry extends ViewToBuild {
  /** All views that its SQL is seen to name, of the run or not. */
  names: ReadonlySet<ViewName>
  /** Rather than tried because others read it: what the settings say of it is tried too. */
  isRenewed: boolean
  questions: readonly Question[]
}

export interface TrialOptions {
  /** All views of the run, also those that are not tried: what depends on them is theirs to say. */
  planned: readonly NamedView[]
  /** All views of the project. */
  known: readonly NamedView[]
  /** What is registered: it may stay bound to the versions that go. */
  leftovers: readonly Leftover[]
  signal: AbortSignal
}

/** What making a view's new relation without rows has shown. */
export interface Trial {
  view: View
  /** The server refuses the select, an index, or some of the questions. */
  errors: readonly DuroError[]
  /** How its columns differ from those of the live version, in words. */
  changes: readonly string[]
  /** What depends on the live version and could not be made again on the new columns, in words. */
  broken: readonly string[]
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
  /** What is registered: it may stay bound to the versions that go. */
  leftovers: readonly Leftover[]
  bookkeeping: readonly string[]
}

/** One view of a swap: what becomes live, and what no longer is. */
export interface SwapMember {
  view: NamedView
  /** Object id of the relation that becomes live; null: none does, the live one only goes. */
  comingId: number | null
  /** Where it waits, when that is not where new versions are built. */
  comingAt: Address | null
  /** What the settings declared when the live version was published, and when the coming one was built; null: nothing is caught up. */
  declared: { before: Declared | null; now: Declared } | null
  /** Object ids of the tables that may go: the rows of any other may exist nowhere else. */
  replaceable: readonly number[]
  /** Statements that make again what was taken from the relation that becomes live, when it went. */
  loosened: readonly string[]
}

export interface SwapOptions {
  runId: string
  /** `publish`: the new versions become live. `back`: the old ones do, and what was live becomes new again. */
  direction: 'publish' | 'back'
  /** Object ids of live relations of views that have left the folder: they may stay on what goes. */
  staying: ReadonlySet<number>
  /** Milliseconds in which the swap is tried again when readers are in the way. */
  giveUpAfter: number
  /** What is registered besides the members: it may stay bound to the versions that go. */
  leftovers: readonly Leftover[]
  /**
   * Written in the same transaction as the swap.
   * @param followUps statements for what would hold locks for long, and can wait until the swap is done
   */
  bookkeeping: (ids: readonly SwappedIds[], followUps: readonly string[]) => string[]
  emit: Emit
  signal: AbortSignal
}

export interface SwappedIds {
  view: ViewName
  comingId: number | null
  goingId: number | null
  /** Where the relation that was live is now. */
  keptAt: Address
  /** Statements that make again what was taken from it: what is live is of another kind, and has it no more. */
  loosened: readonly string[]
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
  /** Those of them whose files are gone. */
  removed: ReadonlySet<ViewName>
  /** The indexes that the settings of a published view asked for, by their names. */
  declaredIndexes: (view: ViewName) => readonly string[]
  /** Tables that duro did not make may be replaced. */
  replaceTables: boolean
  /** What is registered: it may stay bound to the versions that go. */
  leftovers: readonly Leftover[]
  /** Told of what will be otherwise than before, and is no obstacle. */
  emit: Emit
}

/** Something that a refresh would be refused for. */
export interface ObstacleProblem extends Problem {
  /** The role that duro connects as may not do it; another may. */
  isMissingRight?: true
}

/** A select of a user's file, ready to run. */
export interface Question {
  /** How messages call it. */
  label: string
  file: SqlFile | null
  statement: ParsedStatement | null
  /** Where the settings ask it, where that is known. */
  place?: FailedStatement['place']
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

/** `gone`: what it is about is not there any more. Lost: it will not succeed later either. */
export type FollowUpResult = 'done' | 'gone' | { because: string; isLost: boolean }

/** What the pipeline asks of a database. */
export interface Engine {
  readonly name: EngineName
  readonly server: ServerInfo
  /** In which the database keeps its texts, as PostgreSQL calls it: `UTF8`. */
  readonly encoding: string
  /** For the state tables: one connection, apart from those that build. */
  readonly stateDialect: Dialect

  addressOf(view: NamedView, place: Place): Address
  /** What stands under the views' names; a view without a relation has no entry. */
  inspect(views: readonly NamedView[]): Promise<ReadonlyMap<ViewName, LiveRelation>>
  /** What live versions hang on, of each other; those on nothing need no entry. Null: the catalog does not say. */
  bonds(live: ReadonlyMap<ViewName, LiveRelation>): Promise<ReadonlyMap<ViewName, Bonds> | null>

  /** The statements of a run without its data tests, in order. Changes nothing. */
  describe(views: readonly ViewToBuild[], options: DescribeOptions): Promise<DescribedStatement[]>

  /** One run at a time. @throws DuroError with the code `locked`, naming the holder */
  usingRunLock<T>(options: LockOptions, callback: () => Promise<T>): Promise<T>
  /** What sources lead to, in the catalog, and the functions that live views call. */
  reach(sources: readonly SourceName[], views: readonly NamedView[]): Promise<ReachedSource[]>
  /** Makes the new relations without rows, looks at them, and takes all back. Views come upstream first. */
  tryOut(views: readonly ViewToTry[], options: TrialOptions): Promise<Trial[]>
  /** Everything that would make a swap fail, or lose something. Changes nothing. */
  findObstacles(options: ObstacleOptions): Promise<ObstacleProblem[]>
  /** Makes missing schemas, and refuses what cannot end well. @throws ProblemsError with the code `preflight` */
  prepare(options: ObstacleOptions): Promise<void>
  usingBuilder<T>(options: BuildOptions, callback: (builder: Builder) => Promise<T>): Promise<T>
  /** @throws SqlError */
  totals(view: View, wanted: TotalsToCount, signal: AbortSignal): Promise<Totals>
  /** Calls back with each row of a question, until it says stop. @throws SqlError that points into the user's file */
  ask(question: Question, onRow: (row: Row) => 'go on' | 'stop', signal: AbortSignal): Promise<void>
  swap(members: readonly SwapMember[], options: SwapOptions): Promise<SwapOutcome>
  /** Does what was to follow a swap. */
  followUp(statement: string, signal: AbortSignal): Promise<FollowUpResult>
  /** Drops relations that duro made and registered, dependents first. Those still in use stay. */
  drop(leftovers: readonly Leftover[], options: DropOptions): Promise<DropResult>
  /** Drops a live relation that duro published and nobody depends on. @throws SqlError */
  dropLive(view: NamedView, id: number): Promise<'dropped' | { because: string }>
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
