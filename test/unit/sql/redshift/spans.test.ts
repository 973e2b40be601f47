import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { SqlSyntaxError } from '../../../../src/sql/parser.ts'
import { loadRedshiftParser } from '../../../../src/sql/redshift/redshift-parser.ts'

const parser = await loadRedshiftParser()

/** Characters of one to four bytes in UTF-8, which are one or two units in UTF-16: any mix tells the three counts apart. */
const letters = fc.string({
  unit: fc.constantFrom('a', 'é', '語', '😀', '𝒳', '́'),
  minLength: 1,
  maxLength: 12,
})

describe('spans count UTF-16 code units', () => {
  test.each([
    ['a string', (filler: string) => `select '${filler}', first.cities.n from first.cities`],
    ['a quoted name', (filler: string) => `select "${filler}", first.cities.n from first.cities`],
    ['a name without quotes', (filler: string) => `select x${filler}, first.cities.n from first.cities`],
    [
      'a comment',
      (filler: string) => `select /* ${filler} */ first.cities.n -- ${filler}\n from first.cities`,
    ],
    ['dollars', (filler: string) => `select $$${filler}$$, first.cities.n from first.cities`],
    ['an alias', (filler: string) => `select 1 as "${filler}", first.cities.n from first.cities`],
    [
      'an earlier statement',
      (filler: string) => `select '${filler}'; select first.cities.n from first.cities`,
    ],
    [
      'a type before a constant',
      (filler: string) => `select varchar '${filler}', first.cities.n from first.cities`,
    ],
  ])('behind %s', (_, write) => {
    fc.assert(
      fc.property(letters, (filler) => {
        const text = write(filler)
        const statement = parser.parse(text).at(-1)
        const found = statement?.references.map(({ kind, span }) => [
          kind,
          text.slice(span.start, span.end),
          span.start,
        ])
        expect(found).toEqual([
          ['column-qualifier', 'first.cities', text.indexOf('first.cities')],
          ['relation', 'first.cities', text.lastIndexOf('first.cities')],
        ])
        expect(statement?.span.end).toBe(text.length)
        expect(statement?.naming?.unaliased[0]?.aliasAt).toBe(text.length)
      }),
    )
  })

  test('of names that are themselves beyond ASCII', () => {
    fc.assert(
      fc.property(letters, letters, (schema, name) => {
        const written = `"${schema}"."${name}"`
        const text = `select '${name}', ${written}.n from ${written} where ${written}.m > 0`
        const [statement] = parser.parse(text)
        expect(statement?.references.map(({ span }) => text.slice(span.start, span.end))).toEqual([
          written,
          written,
          written,
        ])
        expect(statement?.references.map(({ span }) => span.start)).toEqual(
          [...text.matchAll(/"\."/g)].map(({ index }) => index - schema.length - 1),
        )
      }),
    )
  })

  test('also where the syntax is wrong', () => {
    fc.assert(
      fc.property(letters, (filler) => {
        const text = `select '${filler}', "${filler}" from a where where`
        const offset = text.length - 'where'.length
        expect(failureOf(text)).toEqual(new SqlSyntaxError('syntax error at or near "where"', offset))
        expect(failureOf(text)).toMatchObject({ offset })
      }),
    )
  })

  test('bytes, characters and units differ in what is tested', () => {
    const text = "select '😀é', first.cities.n from first.cities"
    const at = text.lastIndexOf('first')
    expect(parser.parse(text)[0]?.references.at(-1)?.span).toEqual({ start: at, end: at + 12 })
    expect(Array.from(text.slice(0, at)).length).toBe(at - 1)
    expect(Buffer.byteLength(text.slice(0, at))).toBe(at + 3)
  })
})

function failureOf(text: string): unknown {
  try {
    return parser.parse(text)
  } catch (error) {
    return error
  }
}
