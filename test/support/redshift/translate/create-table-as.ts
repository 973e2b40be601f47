import { syntaxError } from '../rejection.ts'
import { closing, matches, type Token } from '../sql/token.ts'
import { readRelationName } from './names.ts'
import { visibleStep, type Step } from './step.ts'
import { readTableAttributes } from './table-attributes.ts'
import { settleTable } from './settle-table.ts'

/** `create [temp] table n [(columns)] [attributes] as query` */
export function createTableAs(tokens: readonly Token[]): Step[] | null {
  if (!matches(tokens, 0, 'create')) return null
  const table = skipTemporary(tokens, 1)
  if (!matches(tokens, table, 'table')) return null
  const named = readRelationName(tokens, table + 1)
  const columnsEnd = matches(tokens, named.end, '(') ? closing(tokens, named.end) + 1 : named.end
  const as = findAs(tokens, columnsEnd)
  if (as === null) return null
  const { attributes, end } = readTableAttributes(tokens, columnsEnd, { sortkeyAuto: false })
  if (end !== as) throw syntaxError(tokens[end])
  // `#name` and a list of columns with types are other statements.
  const query = tokens.slice(as)
  return [
    visibleStep([...tokens.slice(0, columnsEnd), ...query], { tag: () => 'SELECT' }),
    settleTable(named, attributes, 'as'),
  ]
}

function skipTemporary(tokens: readonly Token[], at: number): number {
  let next = at
  if (matches(tokens, next, 'local')) next++
  if (matches(tokens, next, 'temp') || matches(tokens, next, 'temporary')) next++
  return next
}

/** `as` stands behind attributes, which hold names and parentheses only. */
function findAs(tokens: readonly Token[], from: number): number | null {
  for (let at = from; at < tokens.length; at++) {
    if (matches(tokens, at, '(')) at = closing(tokens, at)
    else if (matches(tokens, at, 'as')) return at
  }
  return null
}
