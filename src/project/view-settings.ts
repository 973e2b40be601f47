import type { Import } from '../import/import.ts'

/** How a view is stored: a PostgreSQL materialized view (the default there), a table (on Redshift), or a plain view. */
export type Materialized = 'view' | 'table' | 'none'

/** How Redshift spreads the rows of a table over its nodes. */
export type DistStyle = 'auto' | 'even' | 'all' | 'key'

/** In which order Redshift keeps the rows of a table. */
export interface SortKey {
  kind: 'compound' | 'interleaved'
  columns: readonly string[]
}

export interface IndexSettings {
  /** Column names or expressions, as they stand in `create index`. */
  columns: readonly string[]
  unique: boolean
  /** Extra columns, for index-only scans. */
  include: readonly string[]
  /** The predicate of a partial index. */
  where: string | null
  /** `btree`, `gin`, `gist`, `brin`, …; null for the server's default. */
  method: string | null
  /** Null: made of the names of the relation and the columns, the same at every refresh. */
  name: string | null
}

/** A bound on how far a total may move between two publications: absolute, or in percent of the old value. */
export interface Limit {
  value: number
  unit: 'absolute' | 'percent'
}

export interface TotalLimits {
  maxDecrease: Limit | null
  maxIncrease: Limit | null
}

/**
 * A test that is declared in the settings, as `tests.…`, rather than written in SQL:
 * - `not_null: customer, name`, also as a list.
 * - `unique`: a list of keys. Each is a column or a list of columns: `[id, [year, month]]` are two tests.
 * - `accepted_values: { status: [new, paid] }`, or `[{ column: status, values: [new, paid] }]`.
 * - `relationships: [{ column: customer, to: first.people, field: id }]`, or by column:
 *   `{ customer: { to: first.people, field: id } }`.
 */
export type DeclaredTest =
  | { kind: 'not_null'; column: string }
  | { kind: 'unique'; columns: readonly string[] }
  | { kind: 'accepted_values'; column: string; values: readonly (string | number | boolean)[] }
  | {
      kind: 'relationships'
      column: string
      /** `schema.name` of a view or a source. */
      to: string
      /** The column of `to`. */
      field: string
    }

/**
 * The settings of one view after inheritance; durations are in milliseconds.
 *
 * A list may be written as text with commas, and a list of one as the thing itself. Null resets a key to its default,
 * whatever would be inherited. Objects are inherited key by key, lists as a whole; `grant_select` and `tags` take
 * `+item` and `-item` to change what they inherit.
 */
export interface ViewSettings {
  /** How old the view may be; null: inherited from its readers at planning. */
  interval: number | null
  materialized: Materialized
  /** Roles that may select; null: nothing is declared, what the live relation grants is kept. */
  grantSelect: readonly string[] | null
  indexes: readonly IndexSettings[]
  /** Name of a total to the aggregate that computes it, such as `amount` to `sum(total)`. */
  totals: Readonly<Record<string, string>>
  /** By name of a total; the row count is called `rows`. */
  limits: Readonly<Record<string, TotalLimits>>
  tests: readonly DeclaredTest[]
  tags: readonly string[]
  /** Names of views that this one reads in ways the text does not show. */
  dependsOn: readonly string[]
  description: string | null
  /** Column name to its description. */
  columns: Readonly<Record<string, string>>
  timeout: number | null
  /** How far dated copies of the view lie apart at least; null: none are kept. */
  snapshotsInterval: number | null
  /** How long a dated copy is kept; null: for ever. */
  snapshotsStoredFor: number | null
  /** On Redshift: the column by whose value rows are spread; null: none is named. */
  distkey: string | null
  /** Null: left to the server, or `key` where there is a distkey. */
  diststyle: DistStyle | null
  /** Null: left to the server. */
  sortkey: SortKey | null
  /** Whether the snapshots of the cluster hold the table. */
  backup: boolean
  /** A program between the view's `_select.sql` and its table; null: the view has none, or a Python script. */
  processor: readonly string[] | null
  /** Where rows come from that are not in the database. */
  import: Import | null
  /** Variables that the view's scripts get, though they hold secrets. */
  env: readonly string[]
}
