import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { byteOffsets } from '../../../src/sql/postgres/byte-offsets.ts'
import { scan } from '../../../src/sql/postgres/scan.ts'
import { arbitraryQuery } from './queries/arbitrary-query.ts'

const { default: pgQuery } = await import('libpg-query')
await pgQuery.loadModule()

describe('scan', () => {
  test.each([
    ['select 1', ['select', '1']],
    ["select 'a''b', E'a\\'b', U&\"d\\0061\"", ['select', "'a''b'", ',', "E'a\\'b'", ',', 'U&"d\\0061"']],
    ["select N'x', n 'x'", ['select', 'N', "'x'", ',', 'n', "'x'"]],
    ["e'a\\'' -- x\n 'b\\'c' d", ["e'a\\''", '-- x', "'b\\'c'", 'd']],
    ["'a\\' 'b", ["'a\\'", "'b"]],
    ["b'01' x'1f'", ["b'01'", "x'1f'"]],
    ['$$ a $b$ $$ $t$ $$ $t$ $1', ['$$ a $b$ $$', '$t$ $$ $t$', '$1']],
    ['a$b$ c$b$', ['a$b$', 'c$b$']],
    ['1..2 1.5.5 .5e3 1_000 0x1F', ['1', '..', '2', '1.5', '.5', '.5e3', '1_000', '0x1F']],
    [
      'a=-1 a@-b a<>+-/*x*/b a--b',
      ['a', '=', '-', '1', 'a', '@-', 'b', 'a', '<>', '+', '-', '/*x*/', 'b', 'a', '--b'],
    ],
    ['a::int b:=c d=>e', ['a', '::', 'int', 'b', ':=', 'c', 'd', '=>', 'e']],
    ['/* a /* b */ c */ d', ['/* a /* b */ c */', 'd']],
    ['é😀\u00A0x "É ""y"', ['é😀\u00A0x', '"É ""y"']],
    ["'open", ["'open"]],
    ["e'open\\", ["e'open\\"]],
    ['"open', ['"open']],
    ['/* open /* */', ['/* open /* */']],
    ['$a$ open', ['$a$ open']],
  ])('%j', (text, tokens) => {
    expect(scan(text).map((token) => token.text)).toEqual(tokens)
  })

  test("any text that the server's scanner takes has the tokens that it sees", () => {
    let compared = 0
    fc.assert(
      fc.property(fragments, (text) => {
        const tokens = scan(text)
        const expected = serverTokens(text)
        if (expected === null) return
        compared += 1
        expect(tokens.map(({ text: word }) => word)).toEqual(expected)
      }),
      { numRuns: 20_000 },
    )
    expect(compared).toBeGreaterThan(2000)
  })

  test("generated queries have the tokens that the server's scanner sees", () => {
    fc.assert(
      fc.property(arbitraryQuery, ({ sql }) => {
        expect(scan(sql).map(({ text }) => text)).toEqual(serverTokens(sql))
      }),
      { numRuns: 300 },
    )
  })

  test('every character belongs to one token or is white space', () => {
    fc.assert(
      fc.property(fc.oneof(fragments, fc.string({ unit: 'binary' })), (text) => {
        let end = 0
        for (const token of scan(text)) {
          expect(text.slice(end, token.start)).toMatch(/^[ \t\n\r\f\v]*$/)
          expect(token.text).toBe(text.slice(token.start, token.end))
          expect(token.end).toBeGreaterThan(token.start)
          end = token.end
        }
        expect(text.slice(end)).toMatch(/^[ \t\n\r\f\v]*$/)
      }),
      { numRuns: 5000 },
    )
  })
})

const pieces = [
  ...` \n \t -- --x\n /* */ /* */ ' ' '' " " "" \\ \\' e' E' b' x' n' N' u&' U&" u& $ $$ $a$ $a$ $1 $12a a b1 é 😀 select`.split(
    ' ',
  ),
  ...'( ) [ ] , ; : :: := . .. ... + - -- * / % ^ < > = <> != <= >= => ~ ! @ # & | ` ? || -> ->> 1 12 1.5 .5 1. 1e3 1e 1e+2 0x1f 0x 0b1 1_0 _1 1a uescape'.split(
    ' ',
  ),
  ' ',
  '\n',
]
const fragments = fc.array(fc.constantFrom(...pieces), { maxLength: 9 }).map((chosen) => chosen.join(''))

/**
 * What libpg-query's scanner sees, the parts of a continued string one by one as `scan` has them; null when it
 * refuses the text.
 */
function serverTokens(text: string): string[] | null {
  if (text.trim() === '') return []
  const fromBytes = byteOffsets(text)
  try {
    const { tokens } = pgQuery.scanSync(text)
    return tokens.flatMap((token) => {
      const written = text.slice(fromBytes(token.start), fromBytes(token.end))
      return /^.?&?'/.test(written) ? partsOf(written) : [written]
    })
  } catch {
    return null
  }
}

/** A string that goes on behind a line break, cut where it does. */
function partsOf(string: string): string[] {
  const escapes = /^e/i.test(string)
  const part = escapes ? /^(?:e|E)?'(?:[^'\\]|\\[^]|'')*'/ : /^(?:[uU]&|[bBxX])?'(?:[^']|'')*'/
  const parts: string[] = []
  for (let rest = string; rest !== '';) {
    const [found] = part.exec(rest) ?? [rest]
    parts.push(found)
    rest = rest.slice(found.length).trimStart()
  }
  return parts
}
