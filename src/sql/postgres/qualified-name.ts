import { cutIdentifier, foldIdentifier, maxIdentifierBytes } from '../identifiers.ts'

const part = /^[ \t\n\r\f\v]*(?:"((?:[^"]|"")*)"|([^" \t\n\r\f\v.][^ \t\n\r\f\v.]*))[ \t\n\r\f\v]*(\.|$)/

/**
 * Splits the text of a regclass or regtype constant as the server does: `First . "Cities"` is `first` and `Cities`.
 * Null when it is no name, such as the number of an object, or a type that is not named plainly.
 * @param maxBytes what the server keeps of a name
 */
export function splitQualifiedName(text: string, maxBytes: number = maxIdentifierBytes): string[] | null {
  if (/^(\d+|-)$/.test(text)) return null
  const parts: string[] = []
  let rest = text
  for (;;) {
    const match = part.exec(rest)
    if (match === null) return null
    const [whole, quoted, plain = '', dot] = match
    parts.push(cutIdentifier(quoted?.replaceAll('""', '"') ?? foldIdentifier(plain), maxBytes))
    if (dot === '') return parts.length > 3 ? null : parts
    rest = rest.slice(whole.length)
  }
}
