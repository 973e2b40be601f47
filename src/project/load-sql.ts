import { SqlSyntaxError, type ParsedStatement, type SqlParser } from '../sql/parser.ts'
import { findParameters } from './find-parameters.ts'
import { placeAt } from './place.ts'
import type { ProblemList } from './problem-list.ts'
import { readText } from './read-text.ts'
import type { SelectFile, SqlFile, TestFile } from './view.ts'

export interface SqlSources {
  root: string
  parser: SqlParser
  problems: ProblemList
}

/** A view's select; null when something is wrong with it, which is reported. */
export function loadSelect(path: string, sources: SqlSources): SelectFile | null {
  const file = loadStatements(path, 'a view', sources)
  const [statement, second] = file?.statements ?? []
  if (file === null || statement === undefined) return null
  if (second !== undefined) {
    const place = placeAt(path, file.text, second.span.start)
    sources.problems.add(place, 'a second statement begins here', 'The file of a view holds one select.')
  }
  return { path, text: file.text, statement }
}

/** A view's data tests; null when something is wrong with them, which is reported. */
export function loadTest(path: string, sources: SqlSources): TestFile | null {
  return loadStatements(path, 'a test', sources)
}

function loadStatements(path: string, what: string, sources: SqlSources): TestFile | null {
  const text = readText(sources.root, path, sources.problems)
  if (text === null) return null
  const file = { path, text }
  const statements = parse(file, sources)
  if (statements === null) return null
  if (statements.length === 0)
    sources.problems.add({ file: path }, `${what} needs a select, and there is none`)
  const other = statements.find(({ kind }) => kind !== 'select')
  if (other !== undefined) {
    const place = placeAt(path, text, other.span.start)
    sources.problems.add(place, `${what} must be a select that only reads`)
  }
  for (const { parameter, offset } of findParameters(text)) {
    const hint = 'Write the value itself.'
    sources.problems.add(
      placeAt(path, text, offset),
      `nothing gives the parameter ${parameter} a value`,
      hint,
    )
  }
  return { ...file, statements }
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
