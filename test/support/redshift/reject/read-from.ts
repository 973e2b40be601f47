import { closing, isName, matches, type Token } from '../sql/token.ts'

interface Read {
  schema: string | null
  name: string
}

const ENDS = new Set([
  'where',
  'group',
  'having',
  'order',
  'limit',
  'union',
  'intersect',
  'except',
  'minus',
  'qualify',
  'window',
])

/** The relations behind `from` and `join`, at any depth; names of `with` left out. */
export function readFrom(tokens: readonly Token[]): Read[] {
  const common = new Set(
    tokens.filter((token, at) => isName(token) && isCommon(tokens, at)).map((token) => token.value),
  )
  const read: Read[] = []
  for (const [at] of tokens.entries()) {
    if (!matches(tokens, at, 'from') && !matches(tokens, at, 'join')) continue
    // `extract(day from x)` and the like take an expression.
    if (isFunctionArgument(tokens, at)) continue
    for (const place of placesBehind(tokens, at)) {
      const first = tokens[place]
      if (!isName(first) || matches(tokens, place + 1, '(')) continue
      const second = tokens[place + 2]
      if (matches(tokens, place + 1, '.') && isName(second))
        read.push({ schema: first.value, name: second.value })
      else if (!common.has(first.value) && first.value !== 'select')
        read.push({ schema: null, name: first.value })
    }
  }
  return read
}

/** `with name as (`, `with name (columns) as (` */
function isCommon(tokens: readonly Token[], at: number): boolean {
  const columns = matches(tokens, at + 1, '(') ? closing(tokens, at + 1) : at
  const isFirst =
    matches(tokens, at - 1, 'with') || matches(tokens, at - 1, 'recursive') || matches(tokens, at - 1, ',')
  return isFirst && matches(tokens, columns + 1, 'as', '(')
}

/** Where items of a list behind `from` begin. */
function placesBehind(tokens: readonly Token[], from: number): number[] {
  const places = [from + 1]
  for (let at = from + 1; at < tokens.length; at++) {
    const token = tokens[at]
    if (matches(tokens, at, '(')) at = closing(tokens, at)
    else if (matches(tokens, at, ')') || (token?.kind === 'word' && ENDS.has(token.value))) break
    else if (matches(tokens, at, ',')) places.push(at + 1)
  }
  return places
}

function isFunctionArgument(tokens: readonly Token[], from: number): boolean {
  let depth = 0
  for (let at = from - 1; at >= 0; at--) {
    if (matches(tokens, at, ')')) depth++
    else if (matches(tokens, at, '(') && depth-- === 0) {
      return /^(extract|trim|substring|position|overlay)$/.test(tokens[at - 1]?.value ?? '')
    } else if (depth === 0 && matches(tokens, at, 'select')) return false
  }
  return false
}
