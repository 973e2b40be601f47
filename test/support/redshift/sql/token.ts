/** `made`: SQL of the stand-in's own, which nothing reads again. */
export type TokenKind = 'word' | 'quoted' | 'string' | 'dollar' | 'number' | 'parameter' | 'symbol' | 'made'

export interface Token {
  kind: TokenKind
  /** As it is sent on: the client's text, until a translation replaces it. */
  text: string
  /** A word or quoted name folded to lower case, the content of a string; of other tokens, their text. */
  value: string
  /** White space and comments in front of it. */
  before: string
  /** Where it stands in the client's text, in UTF-16 units. A token that a translation adds has its neighbour's place. */
  start: number
  end: number
}

/** Whether the tokens from an index on are these words or symbols; a quoted name is no word. */
export function matches(tokens: readonly Token[], at: number, ...expected: string[]): boolean {
  return expected.every((text, offset) => {
    const token = tokens[at + offset]
    return token !== undefined && (token.kind === 'word' || token.kind === 'symbol') && token.value === text
  })
}

/** The first index at which these words or symbols stand; -1 for none. */
export function indexOf(tokens: readonly Token[], expected: readonly string[], from = 0): number {
  for (let at = Math.max(from, 0); at < tokens.length; at++) if (matches(tokens, at, ...expected)) return at
  return -1
}

export function isName(token: Token | undefined): token is Token {
  return token !== undefined && (token.kind === 'word' || token.kind === 'quoted')
}

/** The index of the parenthesis that closes the one at `open`; the last index where none does. */
export function closing(tokens: readonly Token[], open: number): number {
  let depth = 0
  for (let at = open; at < tokens.length; at++) {
    if (matches(tokens, at, '(')) depth++
    if (matches(tokens, at, ')') && --depth === 0) return at
  }
  return tokens.length - 1
}

/** Splits tokens at a symbol, outside of parentheses. */
export function splitAt(tokens: readonly Token[], symbol: string): Token[][] {
  const parts: Token[][] = [[]]
  let depth = 0
  for (const token of tokens) {
    if (token.kind === 'symbol' && token.value === '(') depth++
    if (token.kind === 'symbol' && token.value === ')') depth--
    if (depth === 0 && token.kind === 'symbol' && token.value === symbol) parts.push([])
    else parts.at(-1)?.push(token)
  }
  return parts
}

/** The first index, outside of parentheses, at which one of the words stands; the length where none does. */
export function findOutside(tokens: readonly Token[], words: readonly string[], from = 0): number {
  let depth = 0
  for (let at = from; at < tokens.length; at++) {
    if (matches(tokens, at, '(')) depth++
    else if (matches(tokens, at, ')')) depth--
    else if (depth === 0 && words.some((word) => matches(tokens, at, ...word.split(' ')))) return at
  }
  return tokens.length
}

/** New tokens in the place of another one: `sql` is PostgreSQL's. */
export function made(sql: string, place: Token | undefined, before = ' '): Token {
  const at = place?.start ?? 0
  return { kind: 'made', text: sql, value: sql, before, start: at, end: at }
}

export function render(tokens: readonly Token[]): string {
  return tokens.map((token) => token.before + token.text).join('')
}
