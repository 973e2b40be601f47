import type { ParsedStatement } from '../sql/parser.ts'
import type { ViewSettings } from './view-settings.ts'

/** `schema.name`, the key under which a view is known everywhere: exact case, no quotes. */
export type ViewName = string

/** A file of SQL as the user wrote it, without a byte order mark; line breaks are kept. */
export interface SqlFile {
  /** Path relative to the project's root, with `/`. */
  path: string
  text: string
}

/** A view's select: its file holds exactly one statement. */
export interface SelectFile extends SqlFile {
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
  select: SelectFile
  tests: TestFile | null
  settings: ViewSettings
}
