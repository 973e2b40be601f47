import type { ViewName } from '../../../project/view.ts'
import { quoteIdentifier, viewName } from '../../../sql/identifiers.ts'
import type { Span } from '../../../sql/parser.ts'
import { splitQualifiedName } from '../../../sql/postgres/qualified-name.ts'
import type { Token } from '../../../sql/token.ts'

/** What the server may take for a relation and duro does not: a string, or the type of arrays of its rows. */
export interface UnseenName {
  kind: 'string' | 'array type'
  /** Where it stands; that of a type begins behind its schema. */
  start: number
  /** With its schema. */
  span: Span
  /** The relation or the type as SQL, with a schema where one is written. */
  written: string
}

/**
 * All that could say the name of a view, the strings of its references among them.
 * @param tokens of a statement
 */
export function findUnseenNames(tokens: readonly Token[], view: ViewName): UnseenName[] {
  return tokens.flatMap((token, index) => {
    if (token.kind === 'string') return stringName(token, view) ?? []
    return token.kind === 'name' && /^"?_/.test(token.text) ? (arrayTypeName(tokens, index, view) ?? []) : []
  })
}

function stringName({ start, end, text }: Token, view: ViewName): UnseenName | null {
  const parts = splitQualifiedName(contentsOf(text) ?? '')
  if (parts === null || !isNamed(parts, view)) return null
  return { kind: 'string', start, span: { start, end }, written: sqlOf(parts) }
}

/** Null: not every character stands for itself. */
function contentsOf(string: string): string | null {
  const [, quoted, , inDollars] = /^(?:[eE]?'([^\\]*)'|\$([^$]*)\$([^]*)\$\2\$)$/.exec(string) ?? []
  return quoted?.replaceAll("''", "'") ?? inDollars ?? null
}

function isNamed([schema, name, ...more]: readonly string[], view: ViewName): boolean {
  if (schema === undefined || more.length > 0) return false
  // Without a schema it is found along the search path.
  return name === undefined ? view.endsWith(`.${schema}`) : viewName({ schema, name }) === view
}

function arrayTypeName(tokens: readonly Token[], index: number, view: ViewName): UnseenName | null {
  const [schema, dot, type] = [tokens[index - 2], tokens[index - 1], tokens[index]]
  if (type === undefined) return null
  const qualifier = dot?.text === '.' && schema !== undefined ? schema : null
  const parts = splitQualifiedName(qualifier === null ? type.text : `${qualifier.text}.${type.text}`)
  const [name = '', ...schemas] = parts?.toReversed() ?? []
  if (parts === null || !isNamed([...schemas, name.slice(1)], view)) return null
  const span = { start: (qualifier ?? type).start, end: type.end }
  return { kind: 'array type', start: type.start, span, written: sqlOf(parts) }
}

const sqlOf = (parts: readonly string[]): string => parts.map(quoteIdentifier).join('.')
