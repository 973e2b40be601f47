import { SqlSyntaxError, type ParsedStatement, type SqlParser } from '../sql/parser.ts'
import type { EngineName } from '../sql/engine-name.ts'
import { placeAt } from './place.ts'
import type { ViewFiles } from './project-files.ts'
import type { ProblemList } from './problem-list.ts'
import { readText } from './read-text.ts'
import type { StatementFile, SqlFile, TestFile } from './view.ts'

export interface SqlSources {
  root: string
  parser: SqlParser
  /** Whose grammar that is. */
  engine: EngineName
  problems: ProblemList
}

/** A view's select; null when something is wrong with it, which is reported. */
export function loadSelect(path: string, sources: SqlSources): StatementFile | null {
  return loadStatement(path, VIEW, sources)
}

/** The select that a processor reads; null as above. */
export function loadInput(path: string, sources: SqlSources): StatementFile | null {
  return loadStatement(path, { ...VIEW, what: 'the input of a processor' }, sources)
}

/** The `create table` of a view whose rows come from a processor or an import; null as above. */
export function loadTable(
  path: string,
  view: Pick<ViewFiles, 'schema' | 'relation'>,
  sources: SqlSources,
): StatementFile | null {
  const file = loadStatement(path, TABLE, sources)
  const target = file?.statement.references.find(({ kind }) => kind === 'target')
  if (file === null || target === undefined) return null
  if (target.name !== view.relation || (target.schema ?? view.schema) !== view.schema) {
    const made = target.schema === null ? target.name : `${target.schema}.${target.name}`
    const message = `makes ${made}, and the file is that of ${view.schema}.${view.relation}`
    sources.problems.add(placeAt(path, file.text, target.span.start), message)
  }
  return file
}

/** What a file has to hold, in words. */
interface Wanted {
  what: string
  kind: 'select' | 'create-table'
  needs: string
  wrong: string
}

const SELECT = { kind: 'select', needs: 'a select', wrong: 'must be a select that only reads' } as const
const VIEW: Wanted = { ...SELECT, what: 'a view' }
const TEST: Wanted = { ...SELECT, what: 'a test' }
const TABLE: Wanted = {
  what: 'the file of a view with a processor or an import',
  kind: 'create-table',
  needs: 'a `create table`',
  wrong: 'must be a `create table`',
}

function loadStatement(path: string, wanted: Wanted, sources: SqlSources): StatementFile | null {
  const file = loadStatements(path, wanted, sources)
  const [statement, second] = file?.statements ?? []
  if (file === null || statement === undefined) return null
  if (second !== undefined) {
    const place = placeAt(path, file.text, second.span.start)
    const one = wanted.needs.replace(/^a /, 'one ')
    sources.problems.add(place, 'a second statement begins here', `The file of a view holds ${one}.`)
  }
  return { path, text: file.text, statement }
}

/** A view's data tests; null when something is wrong with them, which is reported. */
export function loadTest(path: string, sources: SqlSources): TestFile | null {
  return loadStatements(path, TEST, sources)
}

function loadStatements(
  path: string,
  { what, kind, needs, wrong }: Wanted,
  sources: SqlSources,
): TestFile | null {
  const text = readText(sources.root, path, sources.problems)
  if (text === null) return null
  const file = { path, text }
  const statements = parse(file, sources)
  if (statements === null) return null
  if (statements.length === 0)
    sources.problems.add({ file: path }, `${what} needs ${needs}, and there is none`)
  const other = statements.find((statement) => statement.kind !== kind)
  if (other !== undefined) {
    const place = placeAt(path, text, other.span.start)
    sources.problems.add(place, `${what} ${wrong}`, kind === 'select' ? hintFor(other) : undefined)
  }
  for (const { start, end } of statements.flatMap(({ parameters }) => parameters)) {
    const message = `nothing gives the parameter ${text.slice(start, end)} a value`
    sources.problems.add(placeAt(path, text, start), message, 'Write the value itself.')
  }
  return { ...file, statements }
}

function hintFor({ kind }: ParsedStatement): string | undefined {
  return kind === 'create-table'
    ? 'A `create table` gets its rows from a processor or an import, and the view has neither.'
    : undefined
}

function parse({ path, text }: SqlFile, { parser, problems }: SqlSources): readonly ParsedStatement[] | null {
  try {
    return parser.parse(text)
  } catch (error) {
    if (!(error instanceof SqlSyntaxError)) throw error
    problems.add(placeAt(path, text, error.offset), error.message)
    return null
  }
}
