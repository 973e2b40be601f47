import { Rejection, syntaxError } from '../rejection.ts'
import { isName, matches, type Token } from '../sql/token.ts'

/** Words and symbols that stand nowhere in Redshift's grammar; the number says which of them the error names. */
const UNKNOWN: readonly (readonly [phrase: string, at: number])[] = [
  [') filter (', 1],
  [', lateral (', 1],
  ['from lateral', 1],
  ['join lateral', 1],
  ['distinct on (', 1],
  ['for update', 1],
  ['for share', 1],
  ['for no key', 1],
  ['for key share', 1],
  ['( values', 1],
  ['is distinct from', 1],
  ['is not distinct from', 2],
  ['from only', 1],
  ['as table', 1],
  ['fetch first', 1],
  ['fetch next', 1],
  ['with ordinality', 1],
  ['groups between', 0],
  ['as materialized (', 1],
  ['as not materialized (', 1],
  [') with ties', 2],
  ['rows from (', 1],
]

const OPERATORS = new Set([
  '->',
  '->>',
  '#>',
  '#>>',
  '@>',
  '<@',
  '@@',
  '&&',
  '?|',
  '?&',
  '@?',
  '-|-',
  '^@',
  '<->',
])

const TYPES = new Set(
  `bytea cidr datemultirange daterange hstore inet int4range int8range json jsonb jsonpath macaddr money numrange
   tsquery tsrange tstzrange tsvector uuid xml`.split(/\s+/),
)

export function checkExpressions(tokens: readonly Token[]): void {
  const phrases = UNKNOWN.map(([phrase, at]) => [phrase.split(' '), at] as const)
  for (const [at, token] of tokens.entries()) {
    const unknown = phrases.find(([words]) => matches(tokens, at, ...words))
    // `fetch next from cursor` is a statement.
    if (unknown !== undefined && !(at === 0 && token.value === 'fetch'))
      throw syntaxError(tokens[at + unknown[1]])
    if (token.kind === 'symbol' && OPERATORS.has(token.value)) throw unknownOperator(token)
    checkPrefixed(tokens, at)
    checkArray(tokens, at)
    checkType(tokens, at)
    checkNamedWindow(tokens, at)
  }
}

/** `E'…'`, `U&'…'`, `B'…'` and `X'…'` */
function checkPrefixed(tokens: readonly Token[], at: number): void {
  const token = tokens[at]
  const next = tokens[at + 1]
  if (token?.kind !== 'word' || !/^[eubxn]$/.test(token.value)) return
  if (token.value === 'u' && next?.value === '&' && next.before === '' && tokens[at + 2]?.kind === 'string') {
    throw syntaxError(next)
  }
  if (next?.kind === 'string' && next.before === '') {
    throw new Rejection('42601', `syntax error at or near "${token.text}${next.text}"`, {
      start: token.start,
    })
  }
}

/** `x::jsonb`, `cast(x as uuid)`, `json '{}'` */
function checkType(tokens: readonly Token[], at: number): void {
  const token = tokens[at]
  if (token === undefined || !TYPES.has(token.value) || token.kind !== 'word') return
  const isCast =
    matches(tokens, at - 1, '::') || (matches(tokens, at - 1, 'as') && matches(tokens, at + 1, ')'))
  const isConstant = tokens[at + 1]?.kind === 'string' && !matches(tokens, at - 1, '.')
  if (isCast || isConstant)
    throw new Rejection('42704', `type "${token.value}" does not exist`, { start: token.start })
}

/** `array[…]`; but PostgreSQL writes `in (…)` so when it tells the definition of a view. */
function checkArray(tokens: readonly Token[], at: number): void {
  if (!matches(tokens, at, 'array', '[')) return
  const own = ['any', 'all'].some(
    (word) => matches(tokens, at - 2, word, '(') || matches(tokens, at - 3, word, '(', '('),
  )
  if (!own) throw syntaxError(tokens[at + 1])
}

/** `window w as (…)` */
function checkNamedWindow(tokens: readonly Token[], at: number): void {
  if (matches(tokens, at, 'window') && isName(tokens[at + 1]) && matches(tokens, at + 2, 'as', '(')) {
    throw syntaxError(tokens[at + 1])
  }
}

function unknownOperator(token: Token): Rejection {
  return new Rejection('42883', `operator does not exist: ${token.value}`, {
    start: token.start,
    hint: 'No operator matches the given name and argument type(s). You may need to add explicit type casts.',
  })
}
