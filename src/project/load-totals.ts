import { formatAddress } from '../sql/identifiers.ts'
import { checkExpression } from './check-expression.ts'
import type { SqlSources } from './load-sql.ts'
import type { ViewFiles } from './project-files.ts'
import type { ResolvedSettings } from './resolve-settings.ts'
import type { TotalsSelect } from './view.ts'
import type { ViewSettings } from './view-settings.ts'

/** The totals of a view, parsed; null when there are none, or something is wrong with them, which is reported. */
export function loadTotals(
  { schema, relation }: Pick<ViewFiles, 'schema' | 'relation'>,
  { totals }: ViewSettings,
  { tree }: ResolvedSettings,
  sources: Pick<SqlSources, 'parser' | 'problems'>,
): TotalsSelect | null {
  const names = Object.keys(totals)
  const address = formatAddress({ schema, name: relation })
  // One by one first, to tell which of them is wrong. A comment may be the last thing in it.
  const areRight = names.map((name) => {
    const within = { before: 'select (', after: `\n) from ${address}` }
    return checkExpression(tree, ['totals', name], totals[name] ?? '', { ...within, kind: 'select' }, sources)
  })
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
