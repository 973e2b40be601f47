import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { quoteRedshiftLiteral } from '../../../../src/sql/redshift/quote-literal.ts'
import { scan } from '../../../../src/sql/redshift/scan.ts'

describe('quoteRedshiftLiteral', () => {
  test.each([
    ['', "''"],
    ["it's", "'it''s'"],
    ['a\\b', String.raw`'a\\b'`],
    [String.raw`\'`, String.raw`'\\'''`],
  ])('%j', (text, quoted) => {
    expect(quoteRedshiftLiteral(text)).toBe(quoted)
  })

  test('refuses NUL', () => {
    expect(() => quoteRedshiftLiteral('\0')).toThrow(/cannot contain the character NUL/)
  })

  const text = fc.string({
    unit: fc.constantFrom("'", '\\', 'a', 'n', '0', '"', '\n', 'é', '😀', ' ', ';', '--'),
  })

  test('is one string, whatever stands behind it, and says the text', () => {
    fc.assert(
      fc.property(text, (value) => {
        const quoted = quoteRedshiftLiteral(value)
        expect(scan(`${quoted} , 'x'`).map((token) => token.text)).toEqual([quoted, ',', "'x'"])
        expect(unescaped(quoted)).toBe(value)
      }),
    )
  })
})

/** Reads a constant one character after the other, as a server does for which a backslash escapes. */
function unescaped(quoted: string): string {
  let value = ''
  for (let index = 1; index < quoted.length - 1; index += 1) {
    if (quoted[index] === "'" || quoted[index] === '\\') index += 1
    value += quoted[index] ?? ''
  }
  return value
}
