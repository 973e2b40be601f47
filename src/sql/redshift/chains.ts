import { cutIdentifier, foldIdentifier, maxRedshiftIdentifierBytes } from '../identifiers.ts'
import { firstTokenFrom, type Token } from '../token.ts'

/** Names with dots between them, as they are written: `first.cities`, `c.items`, `first.cities.*`. */
export interface Chain {
  start: number
  /** As the engine reads them. */
  parts: readonly string[]
  /** Where each part ends. */
  ends: readonly number[]
  /** What stands behind it; after a star, what stands behind that. */
  after: string
  /** Whether it ends in `.*`. */
  star: boolean
}

/**
 * The whole chain that begins with the token at the offset; null when that is no name, or one within a chain.
 * @param tokens without comments
 */
export function chainAt(tokens: readonly Token[], start: number): Chain | null {
  let index = firstTokenFrom(tokens, start)
  if (tokens[index]?.start !== start || tokens[index - 1]?.text === '.') return null
  const parts: string[] = []
  const ends: number[] = []
  for (;;) {
    const token = tokens[index]
    if (token === undefined || !isWord(token)) return null
    parts.push(readName(token.text))
    ends.push(token.end)
    const behind = tokens[index + 2]
    const goesOn = tokens[index + 1]?.text === '.' && behind !== undefined
    const star = goesOn && behind.text === '*'
    if (star || !goesOn || !isWord(behind)) {
      return { start, parts, ends, after: tokens[star ? index + 3 : index + 1]?.text ?? '', star }
    }
    index += 2
  }
}

function isWord({ kind }: Token): boolean {
  return kind === 'name' || kind === 'keyword'
}

/** A name as Redshift reads it: folded even when it is quoted, and cut to what it keeps. */
export function readName(written: string): string {
  const name = written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written
  return cutIdentifier(foldIdentifier(name), maxRedshiftIdentifierBytes)
}
