/** How a run ended; null while it runs, and for ever when it was killed. */
export type StoredOutcome = string | null

/** One execution of the pipeline. Durations are in milliseconds. */
export interface RunsTable {
  id: string
  began_at: Date
  finished_at: Date | null
  command: string
  outcome: StoredOutcome
  host: string
  user_name: string
  version: string
  /** Of the folder of views; null: it is in no Git repository. */
  git_commit: string | null
  /** Whether the folder differed from that commit. */
  git_dirty: boolean | null
  /** A refresh that nobody narrowed to some views, as cron starts them. */
  all_views: boolean
  error: string | null
  swap_attempts: number | null
  /** The sessions that were in the way of the swap, one in a line. */
  swap_waited_for: string | null
  /** How long the swap held its locks. */
  swap_locked_for: number | null
}

/** One view in one run: written before its build, filled in on the way. */
export interface ViewRunsTable {
  run_id: string
  /** Of the run: ids of two runs within the same second do not sort by time. */
  run_began_at: Date
  view: string
  reason: string
  /**
   * `built`; `ready` when the whole run was tested and the view may be published; `published`, `failed`, `skipped`;
   * null while it is in work.
   */
  outcome: StoredOutcome
  materialized: string
  build_began_at: Date | null
  totals_duration: number | null
  build_duration: number | null
  test_duration: number | null
  row_count: number | null
  error: string | null
  new_relation: number | null
  storage: string | null
  /** The relation that it replaced when it was published; null: none. */
  replaced_relation: number | null
  definition_sql: string
  definition_settings: string
  /** JSON of what the settings declared: the engine's `Declared`. */
  declared: string | null
}

export interface TotalsTable {
  run_id: string
  view: string
  /** `before`: the version that was live; `after`: the new one. */
  phase: string
  /** `rows`, or the name of a declared total. */
  name: string
  /** What was computed under that name. */
  aggregate: string
  /** As the server printed it; null for a sum over nothing. */
  value: string | null
}

/** The publication of each view that is live now. */
export interface ViewsTable {
  name: string
  run_id: string
  materialized: string
  /** When the build of the live version began. */
  built_at: Date
  relation: number
  /** The relation's storage when it was published: it differs when somebody refreshed it by hand. */
  storage: string | null
  definition_sql: string
  definition_settings: string
  declared: string
  forced: boolean
}

/** Every relation that duro has made and not yet dropped, but for the live ones. */
export interface RelationsTable {
  id: number
  /** `new` or `old`. */
  place: string
  schema_name: string
  relation_name: string
  view: string
  run_id: string
  /** Statements that make again what was taken from it when it went, as a JSON array; null: nothing was. */
  loosened: string | null
}

/**
 * A dated copy of a view, decided on in the transaction that publishes. A run that is killed before it wrote the copy
 * leaves the row, by which the next one knows.
 */
export interface SnapshotsTable {
  view: string
  /** The run that published the version; of a plain view also the one that found a copy due. */
  run_id: string
  /** What the rows of the copy have as `snapshot_timestamp`. */
  taken_at: Date
  /** `written`; `missed` when its version was replaced before; null while it is still to be written. */
  outcome: StoredOutcome
  /** The run that wrote it. */
  written_by: string | null
  row_count: number | null
}

/** The history tables. duro adds to them and prunes them, and never drops one. */
export interface HistoryTablesTable {
  view: string
  relation: number
  schema_name: string
  relation_name: string
}

/** What is still to be done after a swap, such as validating a foreign key: it would have held locks for long. */
export interface FollowUpsTable {
  statement: string
}

export interface StateTables {
  migrations: { version: number }
  runs: RunsTable
  view_runs: ViewRunsTable
  totals: TotalsTable
  views: ViewsTable
  relations: RelationsTable
  snapshots: SnapshotsTable
  history_tables: HistoryTablesTable
  follow_ups: FollowUpsTable
}
