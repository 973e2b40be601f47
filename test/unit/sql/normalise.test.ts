import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { foldIdentifier } from '../../../src/sql/identifiers.ts'
import { normaliseTokens } from '../../../src/sql/normalise.ts'
import { loadPostgresParser } from '../../../src/sql/postgres/postgres-parser.ts'
import { scan } from '../../../src/sql/postgres/scan.ts'
import { arbitraryQuery } from './queries/arbitrary-query.ts'

const { default: pgQuery } = await import('libpg-query')
const parser = await loadPostgresParser()
const normalise = (text: string): string => normaliseTokens(scan(text))

describe('normalise', () => {
  test.each([
    ['', ''],
    ['-- nothing', ''],
    [';;', ''],
    ['SELECT  1 ;', 'select 1'],
    ['Select /* x */ "A" , B from C -- y', 'select "A",\n  b\nfrom c'],
    ["select 'A  b' , E'\\n', $x$ Y $x$", "select 'A  b',\n  E'\\n',\n  $x$ Y $x$"],
    ['select 1; select 2;', 'select 1;\nselect 2'],
    ['SELECT SUM( X )::INT FROM É.Ä', 'select sum(x)::int\nfrom É.Ä'],
    ["select 'a' -- b\n 'c'", "select 'a'\n'c'"],
    [
      'select a[1], f(b, c) from (select d, e from g) h where i in (1, 2)',
      'select a[1],\n  f(b, c)\nfrom (\n  select d,\n    e\n  from g) h\nwhere i in (1, 2)',
    ],
  ])('%j', (text, expected) => {
    expect(normalise(text)).toBe(expected)
  })

  test.each([
    ['select 1', 'select 2'],
    ['select a', 'select "a"'],
    ["select 'a'", "select 'A'"],
    ["select 'a b'", "select 'a  b'"],
    ["select N'x'", "select n 'x'"],
    ['select u & "x"', 'select u&"x"'],
    ['select a - - b', 'select a -- b'],
    ['select a.b', 'select "a.b"'],
    ['select 1 .5', 'select 1.5'],
    ['select a::b', 'select a: :b'],
    ['select É', 'select é'],
  ])('%j is not %j', (one, other) => {
    expect(normalise(one)).not.toBe(normalise(other))
  })

  test('generated queries keep their tokens, and only these', () => {
    fc.assert(
      fc.property(arbitraryQuery, ({ sql }) => {
        expect(tokens(normalise(sql))).toEqual(tokens(sql))
      }),
      { numRuns: 150 },
    )
  })

  test('any heap of tokens keeps them, and only these', () => {
    fc.assert(
      fc.property(heap, ({ text }) => {
        const normal = normalise(text)
        expect(tokens(normal)).toEqual(tokens(text))
        expect(normalise(normal)).toBe(normal)
      }),
      { numRuns: 3000 },
    )
  })

  test('two heaps of tokens are equal when their tokens are', () => {
    fc.assert(
      fc.property(heap, heap, (one, other) => {
        const equal = normalise(one.text) === normalise(other.text)
        expect(equal).toBe(tokens(one.text).join('\0') === tokens(other.text).join('\0'))
      }),
      { numRuns: 3000 },
    )
  })

  test('white space, comments and case of a heap do not count', () => {
    fc.assert(
      fc.property(heap, ({ words }) => {
        const wide = words
          .map((word) => (/^[a-z]+$/.test(word) ? word.toUpperCase() : word))
          .join(' /* x */\n-- y\n ')
        expect(normalise(wide)).toBe(normalise(words.join(' ')))
      }),
      { numRuns: 1000 },
    )
  })
})

const words = `select from where order by , , ( ) [ ] . .. :: : := ; * / - + < = <> & | ! ~ @ # ? % a b u n e x É left join
  1 1.5 .5 1e3 $1 "a" "A" U&"a" uescape`
const texts = ["'a'", "'b  c'", "E'\\'a'", "U&'a'", "B'01'", "X'1f'", "N'x'", '$$ a $$', '$t$ b $t$']

/**
 * Two strings in a row are left out: they are one string, or none at all, depending on what is between them. A word
 * may become part of a comment, as `-` does before `-- x`.
 */
const heap = fc
  .array(fc.constantFrom(...words.split(/\s+/), '"a b"', ...texts), { maxLength: 7 })
  .chain((chosen) =>
    fc
      .array(fc.constantFrom(' ', '\n', '\t', '/* x */', '-- x\n'), { minLength: 7, maxLength: 7 })
      .map((gaps) => ({
        words: chosen,
        text: chosen.map((word, index) => word + (gaps[index] ?? ' ')).join(''),
      })),
  )
  .filter(({ words: chosen, text }) => !hasStringsInARow(text) && !hasStringsInARow(chosen.join(' ')))

function hasStringsInARow(text: string): boolean {
  const kinds = scan(text).flatMap(({ kind }) => (kind === 'comment' ? [] : [kind]))
  return kinds.some((kind, index) => kind === 'string' && kinds[index + 1] === 'string')
}

/** What the scanner itself sees. */
function tokens(text: string): string[] {
  if (text === '') return []
  const seen = pgQuery
    .scanSync(text)
    .tokens.filter(({ tokenName }) => !tokenName.endsWith('_COMMENT'))
    .map(({ tokenType, tokenName, keywordKind, text: word }) => {
      const folds = keywordKind !== 0 || (tokenName === 'IDENT' && !word.startsWith('"'))
      return `${tokenType} ${folds ? foldIdentifier(word) : word}`
    })
  while (seen.at(-1)?.endsWith(' ;')) seen.pop()
  return seen
}

describe('the normalised form of a parsed statement', () => {
  test.each([
    "-- a\nselect 'A' -- b\n 'c', X;\n",
    "select 1; /* two */ select '2' -- x\n;",
    'select ä, "b" from É -- end',
  ])('is that of its text: %j', (text) => {
    for (const { span, normalised } of parser.parse(text)) {
      expect(normalised).toBe(normalise(text.slice(span.start, span.end)))
    }
  })

  test('is that of its text for generated queries too', () => {
    fc.assert(
      fc.property(arbitraryQuery, ({ sql }) => {
        const [statement] = parser.parse(sql)
        expect(statement?.normalised).toBe(normalise(sql))
      }),
    )
  })
})
