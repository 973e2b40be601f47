import { createHash } from 'node:crypto'
import { cutIdentifier as cutText } from '../sql/identifiers.ts'

/** What a varchar of Redshift holds, in bytes. */
export const longestText = 65_535

/**
 * A text that fits into its column: of a longer one the beginning, and a hash by which two such texts are told apart.
 * No run may fail because of what it writes down of itself.
 */
export function fitText(text: string): string {
  const bytes = Buffer.byteLength(text)
  if (bytes <= longestText) return text
  const hash = createHash('sha256').update(text).digest('hex')
  const note = `\n-- cut: ${bytes} bytes in all, sha256 ${hash}`
  return cutText(text, longestText - note.length) + note
}
