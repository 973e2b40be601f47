/** How the platform calls those of the encodings that keep a character in one byte. */
const labels: Readonly<Record<string, string>> = {
  LATIN2: 'iso-8859-2',
  LATIN3: 'iso-8859-3',
  LATIN4: 'iso-8859-4',
  LATIN5: 'iso-8859-9',
  LATIN6: 'iso-8859-10',
  LATIN7: 'iso-8859-13',
  LATIN8: 'iso-8859-14',
  LATIN9: 'iso-8859-15',
  LATIN10: 'iso-8859-16',
  ISO_8859_5: 'iso-8859-5',
  ISO_8859_6: 'iso-8859-6',
  ISO_8859_7: 'iso-8859-7',
  ISO_8859_8: 'iso-8859-8',
  KOI8R: 'koi8-r',
  KOI8U: 'koi8-u',
  WIN866: 'ibm866',
  WIN874: 'windows-874',
  WIN1250: 'windows-1250',
  WIN1251: 'windows-1251',
  WIN1253: 'windows-1253',
  WIN1254: 'windows-1254',
  WIN1255: 'windows-1255',
  WIN1256: 'windows-1256',
  WIN1257: 'windows-1257',
  WIN1258: 'windows-1258',
}

const latin1 = Array.from({ length: 96 }, (_, at) => String.fromCharCode(160 + at))

/**
 * The characters beyond ASCII that a database can hold for sure; null: all that there are. Of encodings with characters
 * of several bytes, none is sure.
 * @param encoding as PostgreSQL calls it
 */
export function charactersOf(encoding: string): ReadonlySet<string> | null {
  // That of SQL_ASCII takes whatever bytes come.
  if (encoding === 'UTF8' || encoding === 'SQL_ASCII') return null
  if (encoding === 'LATIN1') return new Set(latin1)
  // Some versions of Node.js take it for LATIN1.
  if (encoding === 'WIN1252') return new Set([...latin1, ...'€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ'.split('')])
  const label = labels[encoding]
  const known = label === undefined ? [] : decoded(label)
  return new Set(known.filter((character) => !isForeign(encoding, character)))
}

/** What some version of the platform has in an encoding, and the server does not. */
const foreign: Readonly<Record<string, string>> = { KOI8U: 'ўЎ', WIN1253: 'ª', WIN1255: '\u05BA' }

/** Nor does it have characters for private use. */
const isForeign = (encoding: string, character: string): boolean =>
  /\p{Co}/u.test(character) || foreign[encoding]?.includes(character) === true

function decoded(label: string): string[] {
  try {
    const decoder = new TextDecoder(label)
    // What the platform calls iso-8859-9 is windows-1254, whose lower half is its own.
    const first = label.startsWith('iso-') ? 160 : 128
    return Array.from({ length: 256 - first }, (_, at) => decoder.decode(Uint8Array.of(first + at))).filter(
      (character) => character !== '\uFFFD' && character >= '\u00A0',
    )
  } catch {
    return [] // A Node.js without these encodings.
  }
}
