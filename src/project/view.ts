import type { ParsedStatement, Span } from '../sql/parser.ts'
import type { Feed } from './feed.ts'
import type { IndexNames } from './index-names.ts'
import { placeAt, type Place } from './place.ts'
import type { DeclaredTest, ViewSettings } from './view-settings.ts'

/** `schema.name`, the key under which a view is known everywhere: exact case, no quotes. */
export type ViewName = string

/** A file as the user wrote it, without a byte order mark; line breaks are kept. */
export interface TextFile {
  /** Path relative to the project's root, with `/`. */
  path: string
  text: string
}

/** A file of SQL. */
export type SqlFile = TextFile

/** A file that holds exactly one statement. */
export interface StatementFile extends SqlFile {
  statement: ParsedStatement
}

/** `name_test.sql`: selects whose every value must be true. */
export interface TestFile extends SqlFile {
  statements: readonly ParsedStatement[]
}

/** The totals of a view as one select from it, `select (sum(total)) from shop.orders`. */
export interface TotalsSelect {
  text: string
  statement: ParsedStatement
  /** Where each total stands in it, by name. */
  aggregates: ReadonlyMap<string, Span>
  /** Where the view does. */
  relation: Span
}

/** Where in the settings some of them stand. */
export interface SettingsPlaces {
  totals: ReadonlyMap<string, Place>
  /** Each kind of declared tests. */
  tests: ReadonlyMap<DeclaredTest['kind'], Place>
  /** Who may read the view. */
  grantSelect: ReadonlyMap<string, Place>
  /** The columns that its own settings describe: what is inherited is for the views that have such a column. */
  columns: ReadonlyMap<string, Place>
}

/** One SQL file and the relation it becomes, with everything that the folder says about it. */
export interface View {
  name: ViewName
  schema: string
  /** The relation's name within its schema. */
  relation: string
  /** The file with the view's name: its select, or the `create table` of a view that has a feed. */
  file: StatementFile
  /** What gives the view its rows in place of a select. */
  feed: Feed | null
  tests: TestFile | null
  settings: ViewSettings
  /** The paths of the files that its settings come from: the weakest first. */
  settingsFiles: readonly string[]
  /** The totals that the settings name; null: none. */
  totals: TotalsSelect | null
  places: SettingsPlaces
  indexNames: IndexNames
}

/** A view by its name, whole and in parts. */
export type NamedView = Pick<View, 'name' | 'schema' | 'relation'>

/** The statements in which a view names what it reads. */
export function statementsOf({ file, feed }: Pick<View, 'file' | 'feed'>): readonly StatementFile[] {
  return feed?.kind === 'processor' ? [file, feed.select] : [file]
}

/** A statement, and where a place in its text is in the user's files. */
export interface PlacedStatement {
  statement: ParsedStatement
  placeOf: (offset: number) => Place
}

/** The same, with those of its tests, and with its totals. */
export function everythingReadBy(
  view: Pick<View, 'file' | 'feed' | 'tests' | 'totals' | 'places'>,
): PlacedStatement[] {
  const { tests, totals, places, file } = view
  const files = [
    ...statementsOf(view),
    ...(tests?.statements.map((statement) => ({ ...tests, statement })) ?? []),
  ]
  const placed = files.map(({ path, text, statement }) => ({
    statement,
    placeOf: (offset: number) => placeAt(path, text, offset),
  }))
  if (totals === null) return placed
  const placeOf = (offset: number): Place => {
    const names = [...totals.aggregates].filter(([, { start, end }]) => start <= offset && offset < end)
    return places.totals.get(names[0]?.[0] ?? '') ?? { file: file.path }
  }
  return [...placed, { statement: totals.statement, placeOf }]
}
