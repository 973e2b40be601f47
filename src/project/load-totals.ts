import { formatAddress } from '../sql/identifiers.ts'
import { SqlSyntaxError } from '../sql/parser.ts'
import type { SqlSources } from './load-sql.ts'
import { further } from './place.ts'
import type { ViewFiles } from './project-files.ts'
import type { ResolvedSettings } from './resolve-settings.ts'
import { locate, ScalarNode } from './settings/settings-node.ts'
import type { TotalsSelect } from './view.ts'
import type { ViewSettings } from './view-settings.ts'

type Sources = Pick<SqlSources, 'parser' | 'problems'>

/** The totals of a view, parsed; null when there are none, or something is wrong with them, which is reported. */
export function loadTotals(
  { schema, relation }: Pick<ViewFiles, 'schema' | 'relation'>,
  { totals }: ViewSettings,
  { tree }: ResolvedSettings,
  sources: Sources,
): TotalsSelect | null {
  const names = Object.keys(totals)
  const address = formatAddress({ schema, name: relation })
  // One by one first, to tell which of them is wrong.
  const areRight = names.map((name) => check(name, totals[name] ?? '', address, tree, sources))
  if (names.length === 0 || areRight.includes(false)) return null

  const aggregates = new Map<string, TotalsSelect['relation']>()
  let text = 'select '
  for (const name of names) {
    text += aggregates.size === 0 ? '(' : ', ('
    const start = text.length
    text += totals[name] ?? ''
    aggregates.set(name, { start, end: text.length })
    text += '\n)'
  }
  text += ' from '
  const start = text.length
  text += address
  const [statement] = sources.parser.parse(text)
  if (statement === undefined) return null
  return { text, statement, aggregates, relation: { start, end: text.length } }
}

const before = 'select ('

function check(
  name: string,
  aggregate: string,
  address: string,
  tree: ResolvedSettings['tree'],
  { parser, problems }: Sources,
): boolean {
  const report = (offset: number, message: string): false => {
    problems.add(placeIn(tree, name, offset - before.length), `totals.${name}: ${message}`)
    return false
  }
  // A comment may be the last thing in it.
  const text = `${before}${aggregate}\n) from ${address}`
  try {
    const [statement, second] = parser.parse(text)
    if (second !== undefined) return report(second.span.start, 'a second statement begins here')
    if (statement?.kind !== 'select') return report(before.length, 'must be an expression that only reads')
    const [parameter] = statement.parameters
    if (parameter === undefined) return true
    const written = text.slice(parameter.start, parameter.end)
    return report(parameter.start, `nothing gives the parameter ${written} a value`)
  } catch (error) {
    if (!(error instanceof SqlSyntaxError)) throw error
    // What comes behind it is not the user's.
    const isBehind = error.offset >= before.length + aggregate.length
    return report(error.offset, isBehind ? 'the expression ends too early' : error.message)
  }
}

/** Where in the settings a place in a total is. What is quoted, or goes on in further lines, may be written otherwise. */
function placeIn(tree: ResolvedSettings['tree'], name: string, offset: number) {
  const { place } = locate(tree, ['totals', name])
  const node = tree.get('totals', name)
  const isAsWritten = node instanceof ScalarNode && !node.quoted && offset <= node.text.length
  return isAsWritten ? further(place, Math.max(offset, 0)) : place
}
