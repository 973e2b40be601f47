import { Rejection, syntaxError } from '../rejection.ts'
import { closing, made, matches, splitAt, type Token } from '../sql/token.ts'
import { readColumn, type Column } from './column.ts'
import { readRelationName, regclassLiteral, type Named } from './names.ts'
import { settleTable } from './settle-table.ts'
import { doBlock, hiddenStep, visibleStep, type Step } from './step.ts'
import { readTableAttributes, type TableAttributes } from './table-attributes.ts'

/** `create [temp] table [if not exists] n (columns) [attributes]` */
export function createTable(tokens: readonly Token[]): Step[] | null {
  const table = [1, 2, 3].find((at) => matches(tokens, at, 'table'))
  if (!matches(tokens, 0, 'create') || table === undefined) return null
  const nameAt = matches(tokens, table + 1, 'if', 'not', 'exists') ? table + 4 : table + 1
  const named = readRelationName(tokens, nameAt)
  if (!matches(tokens, named.end, '(')) throw syntaxError(tokens[named.end])
  const close = closing(tokens, named.end)
  const { attributes, end } = readTableAttributes(tokens, close + 1, { sortkeyAuto: true })
  const behind = matches(tokens, end, 'encode', 'auto') ? end + 2 : end
  if (behind < tokens.length) throw syntaxError(tokens[behind])

  const items = splitAt(tokens.slice(named.end + 1, close), ',')
  const columns: Column[] = []
  const kept: Token[][] = []
  for (const item of items) {
    if (matches(item, 0, 'like')) kept.push(item)
    else if (!isConstraint(item)) {
      const column = readColumn(item, named.name)
      columns.push(column)
      kept.push(column.tokens)
    }
  }
  const like = items.find((item) => matches(item, 0, 'like'))
  const definition = kept.flatMap((item, n) => (n === 0 ? item : [made(',', item[0], ''), ...item]))
  return [
    visibleStep([...tokens.slice(0, named.end + 1), ...definition, ...tokens.slice(close, close + 1)]),
    settleTable(named, addColumnKeys(attributes, columns), 'columns'),
    ...(like === undefined ? [] : [inheritAttributes(named, readRelationName(like, 1))]),
  ]
}

/** A table that is made like another one is kept like it. */
function inheritAttributes(table: Named, source: Named): Step {
  const [to, from] = [table, source].map((named) => `${regclassLiteral(named)}::regclass`)
  return hiddenStep(doBlock(`perform redshift_stand_in.inherit_attributes(${to}, ${from});`))
}

/** Primary, unique and foreign keys tell the planner something, and are not enforced. */
export function isConstraint(item: readonly Token[]): boolean {
  const at = matches(item, 0, 'constraint') ? 2 : 0
  if (matches(item, at, 'check') && matches(item, at + 1, '(')) throw syntaxError(item[at])
  if (matches(item, at, 'exclude')) throw syntaxError(item[at])
  return (
    matches(item, at, 'primary', 'key') ||
    matches(item, at, 'unique', '(') ||
    matches(item, at, 'foreign', 'key')
  )
}

function addColumnKeys(attributes: TableAttributes, columns: readonly Column[]): TableAttributes {
  const distkeys = columns.filter((column) => column.isDistkey).map((column) => column.name)
  const sortkeys = columns.filter((column) => column.isSortkey).map((column) => column.name)
  const [distkey] = distkeys
  if (distkeys.length > 1 || (distkey !== undefined && attributes.distkey !== null)) {
    throw new Rejection('42601', 'multiple distkeys are not allowed')
  }
  if (sortkeys.length > 1 || (sortkeys.length > 0 && attributes.sortkey.length > 0)) {
    throw new Rejection('42601', 'multiple sortkeys are not allowed')
  }
  return {
    ...attributes,
    distkey: distkey ?? attributes.distkey,
    sortkey: sortkeys.length > 0 ? sortkeys : attributes.sortkey,
    sortStyle: sortkeys.length > 0 ? 'compound' : attributes.sortStyle,
  }
}
