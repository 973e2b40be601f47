import { Rejection } from '../rejection.ts'
import { closing, findOutside, isName, made, matches, splitAt, type Token } from '../sql/token.ts'
import { endOfSelect } from './selects.ts'

const ENDS = [
  'order by',
  'limit',
  'offset',
  'union',
  'intersect',
  'except',
  'minus',
  'with no schema binding',
]

/** `select … qualify condition`: PostgreSQL filters by windows in a query around it. */
export function translateQualify(tokens: readonly Token[]): Token[] {
  const at = tokens.findIndex((_, n) => matches(tokens, n, 'qualify') && !matches(tokens, n - 1, '.'))
  const qualify = tokens[at]
  if (qualify === undefined) return [...tokens]
  const begin = beginOfSelect(tokens, at)
  const end = Math.min(endOfSelect(tokens, at), findOutside(tokens, ENDS, at))
  const isDistinct = matches(tokens, begin + 1, 'distinct')
  const itemsAt = begin + (isDistinct ? 2 : 1)
  const from = findOutside(tokens, ['from'], itemsAt)
  const items = splitAt(tokens.slice(itemsAt, from), ',').map((item, n) => readItem(item, n))
  const source = tokens.slice(from, at)
  const inner: Token[] = []
  const outer: Token[] = []
  for (const item of items) {
    if (item.kind === 'value') {
      inner.push(...item.tokens, made(`as ${item.name},`, item.tokens[0]))
      outer.push(made(`qualified.${item.name}`, item.tokens[0]))
    } else {
      for (const relation of item.relation === null ? relationsOf(source) : [item.relation]) {
        inner.push(made(`${relation} as row_of_${relation.replaceAll('"', '')},`, qualify))
        outer.push(made(`(qualified.row_of_${relation.replaceAll('"', '')}).*`, qualify))
      }
    }
  }
  const condition = withAliases(tokens.slice(at + 1, end), items)
  const wrapped = [
    made(isDistinct ? 'select distinct' : 'select', tokens[begin], tokens[begin]?.before),
    ...outer.flatMap((token, n) => (n === 0 ? [token] : [made(',', token, ''), token])),
    made('from (select', qualify),
    ...inner,
    made('(', qualify),
    ...condition,
    made(') as is_qualified', qualify, ''),
    ...source,
    made(') as qualified where qualified.is_qualified', qualify),
  ]
  return translateQualify([...tokens.slice(0, begin), ...wrapped, ...tokens.slice(end)])
}

type Item =
  | { kind: 'value'; tokens: Token[]; name: string; alias: string | null }
  | { kind: 'all'; relation: string | null }

function readItem(item: Token[], n: number): Item {
  if (matches(item, 0, '*')) return { kind: 'all', relation: null }
  if (matches(item, item.length - 2, '.', '*'))
    return { kind: 'all', relation: item[item.length - 3]?.text ?? '' }
  const last = item.at(-1)
  if (isName(last) && matches(item, item.length - 2, 'as')) {
    return { kind: 'value', tokens: item.slice(0, -2), name: last.text, alias: last.value }
  }
  if (isName(last) && (item.length === 1 || matches(item, item.length - 2, '.'))) {
    return { kind: 'value', tokens: item, name: last.text, alias: null }
  }
  const isAlias = isName(last) && (matches(item, item.length - 2, ')') || isName(item.at(-2)))
  if (isAlias && last.value !== 'end') {
    return { kind: 'value', tokens: item.slice(0, -1), name: last.text, alias: last.value }
  }
  return { kind: 'value', tokens: item, name: `column_${n + 1}`, alias: null }
}

/** The aliases, or names, of what stands behind `from`. */
function relationsOf(source: readonly Token[]): string[] {
  const end = findOutside(source, ['where', 'group by', 'having'], 1)
  const relations: string[] = []
  let at = 1
  while (at < end) {
    const first = source[at]
    let next = matches(source, at, '(') ? closing(source, at) + 1 : at + 1
    let name = isName(first) ? first.text : null
    while (matches(source, next, '.')) {
      name = source[next + 1]?.text ?? name
      next += 2
    }
    if (matches(source, next, 'as')) next++
    const alias = source[next]
    if (
      next < end &&
      isName(alias) &&
      !/^(join|inner|left|right|full|cross|natural|on|using)$/.test(alias.value)
    ) {
      name = alias.text
    }
    if (name === null) throw new Rejection('0A000', 'the stand-in for Redshift cannot read this with QUALIFY')
    relations.push(name)
    const joined = findOutside(source, [',', 'join'], next)
    if (joined >= end) break
    at = joined + 1
  }
  return relations
}

/** Conditions may name what the select list has computed. */
function withAliases(condition: readonly Token[], items: readonly Item[]): Token[] {
  return condition.flatMap((token, at) => {
    const item = items.find(
      (other) =>
        other.kind === 'value' && other.alias !== null && isName(token) && other.alias === token.value,
    )
    if (item?.kind !== 'value' || matches(condition, at - 1, '.') || matches(condition, at + 1, '('))
      return [token]
    return [made('(', token), ...item.tokens, made(')', token, '')]
  })
}

function beginOfSelect(tokens: readonly Token[], from: number): number {
  let depth = 0
  for (let at = from; at >= 0; at--) {
    if (matches(tokens, at, ')')) depth++
    else if (matches(tokens, at, '(')) depth--
    else if (depth === 0 && matches(tokens, at, 'select')) return at
  }
  return 0
}
