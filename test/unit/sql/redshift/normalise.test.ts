import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { foldIdentifier } from '../../../../src/sql/identifiers.ts'
import { normaliseFolded } from '../../../../src/sql/redshift/normalise-folded.ts'
import { loadRedshiftParser } from '../../../../src/sql/redshift/redshift-parser.ts'
import { scan } from '../../../../src/sql/redshift/scan.ts'
import { testHeaps } from '../queries/test-heaps.ts'
import { anyQuery } from './any-query.ts'

const parser = await loadRedshiftParser()
const normalise = (text: string): string => normaliseFolded(scan(text))

describe('normalise in Redshift', () => {
  test.each([
    ['', ''],
    ['-- nothing', ''],
    [';;', ''],
    ['SELECT  1 ;', 'select 1'],
    ['Select /* x */ "A" , B from C -- y', 'select "a",\n  b\nfrom c'],
    [
      String.raw`select 'A  \'b' , E'\n', $x$ Y $x$`,
      String.raw`select 'A  \'b',` + `\n  E'\\n',\n  $x$ Y $x$`,
    ],
    ['select 1; select 2;', 'select 1;\nselect 2'],
    ['SELECT SUM( X )::INT FROM É.Ä', 'select sum(x)::int\nfrom É.Ä'],
    ["select 'a' -- b\n 'c'", "select 'a'\n'c'"],
    [
      'select C . items[0] . price from customers c, c.orders o MINUS select 1 QUALIFY x',
      'select c.items[0] .price\nfrom customers c,\n  c.orders o\nminus\nselect 1\nqualify x',
    ],
    ['select * from #Temp where a # b = 1', 'select *\nfrom #temp\nwhere a # b = 1'],
  ])('%j', (text, expected) => {
    expect(normalise(text)).toBe(expected)
  })

  test.each([
    ['select 1', 'select 2'],
    ["select 'a'", "select 'A'"],
    ["select 'a b'", "select 'a  b'"],
    ["select N'x'", "select n 'x'"],
    ['select a - - b', 'select a -- b'],
    ['select a.b', 'select "a.b"'],
    ['select 1 .5', 'select 1.5'],
    ['select a::b', 'select a: :b'],
    ['select É', 'select é'],
    ['select a', 'select "a"'],
  ])('%j is not %j', (one, other) => {
    expect(normalise(one)).not.toBe(normalise(other))
  })

  test('the case of a quoted name does not count', () => {
    expect(normalise('select "A"."b"')).toBe(normalise('select "a"."B"'))
  })

  testHeaps({
    normalise,
    scan,
    tokens,
    ownWords: ['minus', '"B"', '#t', String.raw`'\'a'`, "E'x'"],
    folded: /^"?[a-z]+"?$/,
    numRuns: 1500,
  })
})

describe('the normalised form of a parsed statement', () => {
  test('is that of its text', () => {
    fc.assert(
      fc.property(anyQuery, (sql) => {
        const [statement] = parser.parse(sql)
        expect(statement?.normalised).toBe(normalise(sql))
      }),
    )
  })

  test('names the same relations as its text', () => {
    fc.assert(
      fc.property(anyQuery, (sql) => {
        expect(names(normalise(sql))).toEqual(names(sql))
      }),
    )
  })
})

function names(sql: string) {
  return parser.parse(sql)[0]?.references.map(({ schema, name, kind }) => ({ schema, name, kind }))
}

function tokens(text: string): string[] {
  const seen = scan(text)
    .filter(({ kind }) => kind !== 'comment')
    .map(
      ({ kind, text: word }) =>
        `${kind} ${kind === 'name' || kind === 'keyword' ? foldIdentifier(word) : word}`,
    )
  while (seen.at(-1)?.endsWith(' ;')) seen.pop()
  return seen
}
