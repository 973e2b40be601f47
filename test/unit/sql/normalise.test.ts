import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { foldIdentifier } from '../../../src/sql/identifiers.ts'
import { normaliseTokens } from '../../../src/sql/normalise.ts'
import { loadPostgresParser } from '../../../src/sql/postgres/postgres-parser.ts'
import { scan } from '../../../src/sql/postgres/scan.ts'
import { arbitraryQuery } from './queries/arbitrary-query.ts'
import { testHeaps } from './queries/test-heaps.ts'

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

  testHeaps({
    normalise,
    scan,
    tokens,
    ownWords: [':=', 'u', '"A"', 'U&"a"', 'uescape', "E'\\'a'", "U&'a'"],
    folded: /^[a-z]+$/,
    numRuns: 3000,
  })
})

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
