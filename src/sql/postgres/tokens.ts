import type { Span } from '../parser.ts'
import { firstTokenFrom, type Token } from '../token.ts'

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

/** The span of the string constant that begins at the offset, with all of its parts. */
export function literalSpan(tokens: readonly Token[], start: number): Span | null {
  const index = firstTokenFrom(tokens, start)
  if (tokens[index]?.start !== start || tokens[index].kind !== 'string') return null
  let last = index
  while (tokens[last + 1]?.kind === 'string') last += 1
  const end = tokens[afterUnicodeEscape(tokens, index, last)]?.end
  return end === undefined ? null : { start, end }
}

/** The index of the last token of a name or string: another one only after `U&"…" uescape '!'`. */
function afterUnicodeEscape(tokens: readonly Token[], first: number, last: number = first): number {
  const escaped = /^u&/i.test(tokens[first]?.text ?? '') && tokens[last + 1]?.text.toLowerCase() === 'uescape'
  return escaped ? last + 2 : last
}
