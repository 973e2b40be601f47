import { createHash } from 'node:crypto'

import { isName, type Token } from '../sql/token.ts'
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

/** Names are cut before anything reads them, without a word. */
export function cutName(token: Token): Token {
  if (!isName(token) || Buffer.byteLength(token.value) <= LONGEST_NAME) return token
  return { ...token, value: cutBytes(token.value, LONGEST_NAME) }
}

/** The names of a statement that stand under short ones in PostgreSQL. */
export function longNames(tokens: readonly Token[]): { short: string; long: string }[] {
  return tokens
    .map(cutName)
    .filter((token) => isName(token) && Buffer.byteLength(token.value) > LONGEST_UPSTREAM_NAME)
    .map((token) => ({ short: shorten(token.value), long: token.value }))
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
  // A character that is cut in half is left out, not replaced.
  return Buffer.from(name)
    .subarray(0, bytes)
    .toString('utf8')
    .replace(/\ufffd$/, '')
}
