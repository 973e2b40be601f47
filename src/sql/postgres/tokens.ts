import type { ScanToken } from 'libpg-query'
import type { Span } from '../parser.ts'
import { firstTokenFrom, type Token } from '../token.ts'
import { byteOffsets } from './byte-offsets.ts'

/** The text's tokens in order, comments included, placed in UTF-16 code units. */
export function readTokens(text: string, scanned: readonly ScanToken[]): Token[] {
  const fromBytes = byteOffsets(text)
  return scanned.map((token) => {
    const start = fromBytes(token.start)
    const end = fromBytes(token.end)
    return { start, end, text: text.slice(start, end), kind: kindOf(token) }
  })
}

// `UIDENT` and `USCONST` are the scanner's U&"…" and U&'…'. libpg-query gives them no name, only these numbers.
const UIDENT = 259
const USCONST = 262

function kindOf(token: ScanToken): Token['kind'] {
  if (token.keywordKind !== 0) return 'keyword'
  if (token.tokenName === 'IDENT' || token.tokenType === UIDENT) return 'name'
  if (token.tokenName === 'SCONST' || token.tokenType === USCONST) return 'string'
  if (token.tokenName === 'SQL_COMMENT' || token.tokenName === 'C_COMMENT') return 'comment'
  return 'other'
}

/**
 * The span of a name of so many parts, `a . "b" . U&"c" uescape '!'`, that begins at the offset.
 * Null when no such name is written there: the parser makes some up, such as `pg_catalog.int4` for `integer`.
 * @param tokens without comments
 */
export function nameSpan(tokens: readonly Token[], start: number, parts: number): Span | null {
  let index = firstTokenFrom(tokens, start)
  if (tokens[index]?.start !== start) return null
  for (let part = 1; ; part += 1) {
    const token = tokens[index]
    if (token?.kind !== 'name' && token?.kind !== 'keyword') return null
    index = afterUnicodeEscape(tokens, index)
    if (part === parts) return { start, end: tokens[index]?.end ?? token.end }
    if (tokens[index + 1]?.text !== '.') return null
    index += 2
  }
}

/** The span of the string constant that begins at the offset. */
export function literalSpan(tokens: readonly Token[], start: number): Span | null {
  const index = firstTokenFrom(tokens, start)
  const token = tokens[index]
  if (token?.start !== start || token.kind !== 'string') return null
  return { start, end: tokens[afterUnicodeEscape(tokens, index)]?.end ?? token.end }
}

/** The index of the last token of a name or string: another one only after `U&"…" uescape '!'`. */
function afterUnicodeEscape(tokens: readonly Token[], index: number): number {
  const escaped =
    /^u&/i.test(tokens[index]?.text ?? '') && tokens[index + 1]?.text.toLowerCase() === 'uescape'
  return escaped ? index + 2 : index
}
