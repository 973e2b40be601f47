import { builtInTypes } from '../postgres/built-in-types.ts'
import type { Span } from '../parser.ts'
import type { Token } from '../token.ts'

/** Spellings of types that are no types of their own, and Redshift's. */
const otherTypes = ['int', 'integer', 'smallint', 'bigint', 'real', 'float', 'decimal', 'dec', 'boolean']
const redshiftTypes = [
  'character',
  'nchar',
  'nvarchar',
  'super',
  'varbyte',
  'geometry',
  'geography',
  'hllsketch',
]

/** The types before whose constants the sdk does not expect a name: `varchar 'x'`. Those of time it knows. */
const typesOfConstants = new Set([...builtInTypes, ...otherTypes, ...redshiftTypes])
for (const known of ['date', 'time', 'timestamp', 'timestamptz', 'timetz', 'interval']) {
  typesOfConstants.delete(known)
}

/**
 * The text of a statement as the sdk gets it: of the same length in UTF-16 code units, with every token in its place,
 * but all in ASCII, so that its offsets, which count characters, are ours. Comments are blank, texts and quoted names
 * have no content, and what the sdk refuses though Redshift reads it is blank where nothing is lost with it.
 * @param tokens of the statement, with comments
 * @param extraordinary `refused` are those that the sdk does not expect and that become blank, `plain` are names that
 * it could take for something else
 */
export function mask(
  text: string,
  span: Span,
  tokens: readonly Token[],
  { refused, plain }: Record<'refused' | 'plain', ReadonlySet<Token>>,
): string {
  let masked = ''
  let end = span.start
  for (const token of tokens) {
    masked += text.slice(end, token.start)
    if (refused.has(token)) masked += ' '.repeat(token.text.length)
    else masked += plain.has(token) && !token.text.startsWith('"') ? anyName(token.text) : maskToken(token)
    end = token.end
  }
  return masked + text.slice(end, span.end)
}

function maskToken({ kind, text }: Token): string {
  if (kind === 'comment') return ' '.repeat(text.length)
  if (kind === 'name') return maskName(text)
  // The absolute value: to the sdk it begins a variable.
  if (text === '@') return '+'
  return kind === 'string' ? maskString(text) : text
}

/** A name of the same length that means nothing. */
const anyName = (text: string): string => 'q'.repeat(text.length)

function maskName(text: string): string {
  if (text.startsWith('"')) return `"${'x'.repeat(text.length - 2)}"`
  return text.replaceAll(/[$\u0080-\uFFFF]/g, '_')
}

/** Plain content is kept, since the sdk looks into intervals. */
function maskString(text: string): string {
  const quote = text.indexOf("'")
  const plain = quote >= 0 && quote <= 1
  const prefix = plain ? quote : 0
  const content = plain ? text.slice(quote + 1, -1) : text.slice(1, -1)
  return `${' '.repeat(prefix)}'${content.replaceAll(/[^A-Za-z0-9 :.,+-]/g, 'x')}'`
}

/**
 * Tokens that Redshift expects and the sdk does not: the second of two strings that are one, the type before a
 * constant, the index in `from c.orders[0]`, which says nothing about the relation, the position in `from c.orders as
 * o at i`, with which it does not say where the names stand, and the end of a way that is longer than a relation's name.
 * @param tokens without comments
 */
export function refusedInQueries(text: string, tokens: readonly Token[]): Token[] {
  const refused = new Set(refusedTokens(text, tokens))
  return [...refused, ...endsOfWays(tokens.filter((token) => !refused.has(token)))]
}

/** What is behind the third name of `c.orders.items.parts.number`. */
function endsOfWays(tokens: readonly Token[]): Token[] {
  let names = 0
  return tokens.flatMap((token, index) => {
    const [beforeDot, dot] = [tokens[index - 2], tokens[index - 1]]
    if (token.kind !== 'name') return []
    const goesOn = dot?.text === '.' && beforeDot?.kind === 'name'
    names = goesOn ? names + 1 : 1
    return goesOn && names > 3 ? [dot, token] : []
  })
}

function refusedTokens(text: string, tokens: readonly Token[]): Token[] {
  return tokens.flatMap((token, index) => {
    const [previous, next, afterNext] = [tokens[index - 1], tokens[index + 1], tokens[index + 2]]
    if (token.kind === 'string') {
      const continued = previous?.kind === 'string' && /[\n\r]/.test(text.slice(previous.end, token.start))
      return continued ? [token] : []
    }
    if (token.text === '[' && /^\d+$/.test(next?.text ?? '') && afterNext?.text === ']') {
      const indexed = previous?.kind === 'name' || previous?.text === ']'
      return indexed && next !== undefined ? [token, next, afterNext] : []
    }
    if (/^at$/i.test(token.text) && previous?.kind === 'name' && next?.kind === 'name') {
      return /^time$/i.test(next.text) ? [] : [token, next]
    }
    return typeOfConstant(tokens, index)
  })
}

/** `varchar 'x'`, and with a length `char(3) 'x'`. */
function typeOfConstant(tokens: readonly Token[], index: number): Token[] {
  const token = tokens[index]
  if (token === undefined || !typesOfConstants.has(token.text.toLowerCase())) return []
  if (tokens[index - 1]?.text === '::' || tokens[index - 1]?.text === '.') return []
  if (tokens[index + 1]?.kind === 'string') return [token]
  const close = tokens.findIndex(({ text }, at) => at > index && text === ')')
  const within = tokens.slice(index + 1, close + 1)
  const measured = within[0]?.text === '(' && within.slice(1, -1).every(({ text }) => /^[\d,]+$/.test(text))
  return measured && tokens[close + 1]?.kind === 'string' ? [token, ...within] : []
}
