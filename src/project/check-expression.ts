import { SqlSyntaxError, type ParsedStatement } from '../sql/parser.ts'
import type { SqlSources } from './load-sql.ts'
import { further, type Place } from './place.ts'
import { locate, type MapNode, ScalarNode } from './settings/settings-node.ts'

/** The statement that an expression of the settings becomes part of: just as the server is sent it. */
export interface Surroundings {
  before: string
  after: string
  kind: ParsedStatement['kind']
  /** It may be the name of a column as well, of which nothing is known here. */
  mayBeName?: boolean
}

/**
 * Reports what is wrong with SQL in a setting: mistakes in its grammar, and whatever would be more than an expression.
 * @returns whether nothing is
 */
export function checkExpression(
  tree: MapNode,
  path: readonly PropertyKey[],
  expression: string,
  { before, after, kind, mayBeName = false }: Surroundings,
  { parser, problems }: Pick<SqlSources, 'parser' | 'problems'>,
): boolean {
  const setting = path.filter((step) => typeof step === 'string').join('.')
  const report = (offset: number, message: string): false => {
    problems.add(placeIn(tree, path, offset - before.length), `${setting}: ${message}`)
    return false
  }
  const text = `${before}${expression}${after}`
  try {
    const [statement, second] = parser.parse(text)
    if (second !== undefined) return report(second.span.start, 'a second statement begins here')
    if (statement?.kind !== kind) return report(before.length, 'must be an expression that only reads')
    const [parameter] = statement.parameters
    if (parameter === undefined) return true
    const written = text.slice(parameter.start, parameter.end)
    return report(parameter.start, `nothing gives the parameter ${written} a value`)
  } catch (error) {
    if (!(error instanceof SqlSyntaxError)) throw error
    if (mayBeName) return true
    // What comes behind it is not the user's.
    const isBehind = error.offset >= before.length + expression.length
    return report(error.offset, isBehind ? 'the expression ends too early' : error.message)
  }
}

/** Where a place in a setting is. What is quoted, or goes on in further lines, may be written otherwise. */
function placeIn(tree: MapNode, path: readonly PropertyKey[], offset: number): Place {
  const { place, node } = locate(tree, path)
  const isAsWritten = node instanceof ScalarNode && !node.quoted && offset <= node.text.length
  return isAsWritten ? further(place, Math.max(offset, 0)) : place
}
