import { createHash } from 'node:crypto'

import type { Token } from '../sql/token.ts'
import { literal } from './step.ts'

/** Redshift cuts longer names without a word, PostgreSQL's limit is 63. */
const LONGEST_NAME = 127
const LONGEST_UPSTREAM_NAME = 63

/** Writes strings and names as PostgreSQL reads them. */
export function translateLexis(tokens: readonly Token[]): Token[] {
  return tokens.map((token) => {
    if (token.kind === 'string') return { ...token, text: literal(token.value) }
    if (token.kind === 'quoted') return { ...token, text: quote(shorten(token.value)) }
    if (token.kind === 'word' && Buffer.byteLength(token.value) > LONGEST_UPSTREAM_NAME) {
      return { ...token, text: quote(shorten(token.value)) }
    }
    return token
  })
}

export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A name that is too long for PostgreSQL gets a short one that stands for it. */
export function shorten(name: string): string {
  const cut = cutBytes(name, LONGEST_NAME)
  if (Buffer.byteLength(cut) <= LONGEST_UPSTREAM_NAME) return cut
  const digest = createHash('sha256').update(cut).digest('hex').slice(0, 16)
  return `${cutBytes(cut, LONGEST_UPSTREAM_NAME - 17)}_${digest}`
}

function cutBytes(name: string, bytes: number): string {
  let cut = name
  while (Buffer.byteLength(cut) > bytes) cut = [...cut].slice(0, -1).join('')
  return cut
}
