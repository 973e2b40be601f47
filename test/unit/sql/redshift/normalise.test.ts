import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { foldIdentifier } from '../../../../src/sql/identifiers.ts'
import { normaliseFolded } from '../../../../src/sql/redshift/normalise-folded.ts'
import { loadRedshiftParser } from '../../../../src/sql/redshift/redshift-parser.ts'
import { scan } from '../../../../src/sql/redshift/scan.ts'
import { commonQuery } from '../queries/redshift-relations.ts'
import { redshiftTraps } from './redshift-traps.ts'

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

  test('any heap of tokens keeps them, and only these', () => {
    fc.assert(
      fc.property(heap, ({ text }) => {
        const normal = normalise(text)
        expect(tokens(normal)).toEqual(tokens(text))
        expect(normalise(normal)).toBe(normal)
      }),
      { numRuns: 1500 },
    )
  })

  test('two heaps of tokens are equal when their tokens are', () => {
    fc.assert(
      fc.property(heap, heap, (one, other) => {
        const equal = normalise(one.text) === normalise(other.text)
        expect(equal).toBe(tokens(one.text).join('\0') === tokens(other.text).join('\0'))
      }),
      { numRuns: 1500 },
    )
  })

  test('white space, comments and case of a heap do not count', () => {
    fc.assert(
      fc.property(heap, ({ words }) => {
        const wide = words
          .map((word) => (/^"?[a-z]+"?$/.test(word) ? word.toUpperCase() : word))
          .join(' /* x */\n-- y\n ')
        expect(normalise(wide)).toBe(normalise(words.join(' ')))
      }),
      { numRuns: 1000 },
    )
  })
})

describe('the normalised form of a parsed statement', () => {
  const anyQuery = fc.oneof(
    commonQuery.map(({ sql }) => sql),
    fc.constantFrom(...redshiftTraps.map(({ sql }) => sql)),
  )

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

const words = `select from where order by , , ( ) [ ] . .. :: : ; * / - + < = <> & | ! ~ @ # ? % a b n e x É left join minus
  1 1.5 .5 1e3 $1 "a" "B" #t`
const texts = [
  "'a'",
  "'b  c'",
  String.raw`'\'a'`,
  "E'x'",
  "B'01'",
  "X'1f'",
  "N'x'",
  '$$ a $$',
  '$t$ b $t$',
  '"a b"',
]

/**
 * Two strings in a row are left out: they are one string, or none at all, depending on what is between them. A word
 * may become part of a comment, as `-` does before `-- x`.
 */
const heap = fc
  .array(fc.constantFrom(...words.split(/\s+/), ...texts), { maxLength: 7 })
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
