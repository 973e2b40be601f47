import { DuroError } from '../errors.ts'
import { keywordsThatNeedQuotes } from './keywords.ts'
import { redshiftReservedWords } from './redshift/reserved-words.ts'

/** A relation by schema and name, exact case, no quotes. */
export interface Address {
  schema: string
  name: string
}

/** PostgreSQL cuts longer names off, in silence. */
export const maxIdentifierBytes = 63

/** Redshift does too. */
export const maxRedshiftIdentifierBytes = 127

/**
 * `cities`, `"Mixed Case"`, `"user"`: what the server reads as exactly this name, but that Redshift folds it. What is
 * reserved in either engine is quoted for both.
 */
export function quoteIdentifier(name: string): string {
  if (name === '') throw new DuroError('sql', 'a name in SQL cannot be empty')
  refuseNul(name, 'name')
  const reserved = keywordsThatNeedQuotes.has(name) || redshiftReservedWords.has(name)
  if (/^[a-z_][a-z0-9_]*$/.test(name) && !reserved) return name
  return `"${name.replaceAll('"', '""')}"`
}

/** The address as SQL: each part quoted where it has to be. */
export function formatAddress(address: Address): string {
  return `${quoteIdentifier(address.schema)}.${quoteIdentifier(address.name)}`
}

/** The key under which a view is known, `schema.name`: for people and maps, never for SQL. */
export function viewName(address: Address): string {
  return `${address.schema}.${address.name}`
}

/** The text as a string constant. One with a backslash reads the same whatever `standard_conforming_strings` says. */
export function quoteLiteral(text: string): string {
  refuseNul(text, 'text')
  const quoted = `'${text.replaceAll("'", "''")}'`
  return text.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted
}

/** An unquoted name as PostgreSQL reads it in a UTF-8 database: only ASCII letters are folded. */
export function foldIdentifier(name: string): string {
  return /[A-Z]/.test(name) ? name.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase()) : name
}

/** The longest beginning of a name that fits in so many bytes of UTF-8, never half a character. */
export function cutIdentifier(name: string, maxBytes: number = maxIdentifierBytes): string {
  let bytes = 0
  let end = 0
  for (const character of name) {
    bytes += Buffer.byteLength(character)
    if (bytes > maxBytes) return name.slice(0, end)
    end += character.length
  }
  return name
}

function refuseNul(text: string, what: string): void {
  if (text.includes('\0')) throw new DuroError('sql', `a ${what} in SQL cannot contain the character NUL`)
}
