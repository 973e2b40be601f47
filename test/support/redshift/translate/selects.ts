import { closing, made, matches, type Token } from '../sql/token.ts'

/** `top n`, `minus`, `approximate`, `varchar(max)` and `super`: what other words of PostgreSQL's say. */
export function translateSelects(tokens: readonly Token[]): Token[] {
  return translateTop(translateWords(tokens))
}

function translateWords(tokens: readonly Token[]): Token[] {
  return tokens.flatMap((token, at): Token[] => {
    if (token.kind !== 'word') return [token]
    const isSetOperation =
      matches(tokens, at + 1, 'select') || matches(tokens, at + 1, '(') || matches(tokens, at + 1, 'all')
    if (token.value === 'minus' && isSetOperation) return [{ ...token, text: 'except' }]
    if (
      token.value === 'approximate' &&
      (matches(tokens, at + 1, 'count') || matches(tokens, at + 1, 'percentile_disc'))
    ) {
      return []
    }
    if (token.value === 'max' && matches(tokens, at - 1, '(') && matches(tokens, at + 1, ')')) {
      const isLength = /^(varchar|nvarchar|varying)$/.test(tokens[at - 2]?.value ?? '')
      return [isLength ? made('65535', token, token.before) : token]
    }
    const isType =
      matches(tokens, at - 1, '::') || (matches(tokens, at - 1, 'as') && matches(tokens, at + 1, ')'))
    if (isType && token.value === 'super') return [{ ...token, text: 'redshift_stand_in.super' }]
    if (isType && token.value === 'nvarchar') return [{ ...token, text: 'varchar' }]
    return [token]
  })
}

/** `select top n …` is `select … limit n`. */
function translateTop(tokens: readonly Token[]): Token[] {
  const at = tokens.findIndex((_, n) => isTop(tokens, n))
  const count = tokens[at + 1]
  if (at < 0 || count === undefined) return [...tokens]
  const end = endOfSelect(tokens, at)
  const moved = [
    ...tokens.slice(0, at),
    ...tokens.slice(at + 2, end),
    made('limit', tokens[at]),
    { ...count, before: ' ' },
    ...tokens.slice(end),
  ]
  return translateTop(moved)
}

function isTop(tokens: readonly Token[], at: number): boolean {
  if (!matches(tokens, at, 'top')) return false
  const count = tokens[at + 1]
  if (count?.kind !== 'number' && count?.kind !== 'parameter') return false
  return ['select', 'distinct', 'all'].some((word) => matches(tokens, at - 1, word))
}

/** Where the parenthesis around the select closes, or all ends. */
export function endOfSelect(tokens: readonly Token[], from: number): number {
  for (let at = from; at < tokens.length; at++) {
    if (matches(tokens, at, '(')) at = closing(tokens, at)
    else if (matches(tokens, at, ')')) return at
    else if (matches(tokens, at, 'with', 'no', 'schema', 'binding')) return at
  }
  return tokens.length
}
