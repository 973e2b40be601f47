import type { Span } from './parser.ts'
import type { Token } from './token.ts'

/** Where the parameters are, such as `$1`: the scanners read nothing else that begins so, but for strings. */
export const parametersIn = (tokens: readonly Token[]): Span[] =>
  tokens.flatMap(({ kind, text, start, end }) =>
    kind === 'other' && /^\$\d/.test(text) ? [{ start, end }] : [],
  )
