import { formatAddress } from '../sql/identifiers.ts'
import { SqlSyntaxError, type ParsedStatement } from '../sql/parser.ts'
import { DuroError } from '../errors.ts'
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
  if (names.length === 0) return null
  const address = formatAddress({ schema, name: relation })
  const select = selectOf(totals, address)
  const statement = parseAlone(select.text, sources.parser)
  if (statement !== null) return { ...select, statement }
  // One by one, to tell which of them is wrong. A comment may be the last thing in it.
  const areRight = names.map((name) => {
    const within = { before: 'select (', after: `\n) from ${address}`, kind: 'select' } as const
    return checkExpression(tree, ['totals', name], totals[name] ?? '', within, sources)
  })
  if (areRight.includes(false)) return null
  throw new DuroError('internal', `the totals of ${address} are right one by one, and not together`)
}

/** All of them in one select, as it will be sent. */
function selectOf(totals: ViewSettings['totals'], address: string): Omit<TotalsSelect, 'statement'> {
  const aggregates = new Map<string, TotalsSelect['relation']>()
  let text = 'select '
  for (const [name, expression] of Object.entries(totals)) {
    text += aggregates.size === 0 ? '(' : ', ('
    aggregates.set(name, { start: text.length, end: text.length + expression.length })
    text += `${expression}\n)`
  }
  text += ' from '
  return {
    text: text + address,
    aggregates,
    relation: { start: text.length, end: text.length + address.length },
  }
}

/** Null: something is wrong with it. */
function parseAlone(text: string, parser: SqlSources['parser']): ParsedStatement | null {
  try {
    const [statement, second] = parser.parse(text)
    const isRight = statement?.kind === 'select' && statement.parameters.length === 0 && second === undefined
    return isRight ? statement : null
  } catch (error) {
    if (error instanceof SqlSyntaxError) return null
    throw error
  }
}
