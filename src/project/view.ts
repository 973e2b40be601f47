import type { ParsedStatement } from '../sql/parser.ts'
import type { Feed } from './feed.ts'
import type { IndexNames } from './index-names.ts'
import type { Place } from './place.ts'
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
  /** Where in the settings each total stands, and each kind of declared tests. */
  places: { totals: ReadonlyMap<string, Place>; tests: ReadonlyMap<DeclaredTest['kind'], Place> }
  indexNames: IndexNames
}

/** A view by its name, whole and in parts. */
export type NamedView = Pick<View, 'name' | 'schema' | 'relation'>

/** The statements in which a view names what it reads. */
export function statementsOf({ file, feed }: Pick<View, 'file' | 'feed'>): readonly StatementFile[] {
  return feed?.kind === 'processor' ? [file, feed.select] : [file]
}

/** The same, with those of its tests. */
export function statementsAndTestsOf(view: Pick<View, 'file' | 'feed' | 'tests'>): readonly StatementFile[] {
  const { tests } = view
  return [...statementsOf(view), ...(tests?.statements.map((statement) => ({ ...tests, statement })) ?? [])]
}
