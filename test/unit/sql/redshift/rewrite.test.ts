import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { ParsedStatement, Reference } from '../../../../src/sql/parser.ts'
import { loadRedshiftParser } from '../../../../src/sql/redshift/redshift-parser.ts'
import { resolveReference } from '../../../../src/sql/resolve.ts'
import { type Rewritten, rewrite } from '../../../../src/sql/rewrite.ts'
import { surroundings } from '../queries/markers.ts'
import { readOne } from '../queries/read-one.ts'
import { isManagedInRedshift } from '../queries/redshift-relations.ts'
import { searchPath } from '../queries/relations.ts'
import { anyQuery } from './any-query.ts'

const parser = await loadRedshiftParser()
const theStatement = readOne(parser)
const suffix = '__duro_new'

describe('rewrite in Redshift', () => {
  test.each([
    ['select n from first.cities', 'select n from first.cities__duro_new as cities'],
    ['select n from cities', 'select n from first.cities__duro_new as cities'],
    ['select n from first.cities c', 'select n from first.cities__duro_new c'],
    ['select n from first.cities as c', 'select n from first.cities__duro_new as c'],
    ['select n from first.cities as c(a, b)', 'select n from first.cities__duro_new as c(a, b)'],
    ['select cities.n from cities', 'select cities.n from first.cities__duro_new as cities'],
    ['select first.cities.n from cities', 'select cities.n from first.cities__duro_new as cities'],
    ['select first.cities.* from first.cities', 'select cities.* from first.cities__duro_new as cities'],
    ['select count(cities) from first.cities', 'select count(cities) from first.cities__duro_new as cities'],
    ['select n from db . first . cities', 'select n from db.first.cities__duro_new as cities'],
    ['select n from first.user', 'select n from first.user__duro_new as "user"'],
    ['select first.tag.n from first.tag', 'select "tag".n from first.tag__duro_new as "tag"'],
    ['select n from second.cities, shops', 'select n from second.cities, shops'],
    [
      'select n from first/* x */.cities -- y\n, t',
      'select n from first.cities__duro_new as cities -- y\n, t',
    ],
    ["select 'First.cities'::regclass", "select 'first.cities__duro_new'::regclass"],
    [`select '"first"."tag"'::regclass`, `select 'first.tag__duro_new'::regclass`],
    ['create table first.cities (id int)', 'create table first.cities__duro_new (id int)'],
    [
      'create table first.cities (id int encode az64 distkey) diststyle key sortkey (id)',
      'create table first.cities__duro_new (id int encode az64 distkey) diststyle key sortkey (id)',
    ],
    [' -- a\n select 1 from cities ; -- b', 'select 1 from first.cities__duro_new as cities'],
    ['select n from first.cities *', 'select n from first.cities__duro_new * as cities'],
    ['select n from first.cities * c', 'select n from first.cities__duro_new * c'],
    [
      'with cities as (select * from first.cities) select cities.n from cities',
      'with cities as (select * from first.cities__duro_new as cities) select cities.n from cities',
    ],
    [
      'select o.n from first.cities, cities.orders o, first.cities.items i',
      'select o.n from first.cities__duro_new as cities, cities.orders o, cities.items i',
    ],
    [
      'select k from first.cities, unpivot first.cities.obj as v at k',
      'select k from first.cities__duro_new as cities, unpivot cities.obj as v at k',
    ],
    [
      'select n from first.cities pivot (sum(n) for id in (1, 2)) p',
      'select n from first.cities__duro_new as cities pivot (sum(n) for id in (1, 2)) p',
    ],
    [
      'select n from first.cities qualify row_number() over (order by first.cities.n) = 1',
      'select n from first.cities__duro_new as cities qualify row_number() over (order by cities.n) = 1',
    ],
    [
      'select n from first.cities minus select n from first.tag t',
      'select n from first.cities__duro_new as cities minus select n from first.tag__duro_new t',
    ],
  ])('%s', (text, expected) => {
    expect(toSuffixed(text, theStatement(text)).text).toBe(expected)
  })

  test.each([
    [
      'select first.cities.n, "mixed case".cities.n from first.cities join "mixed case".cities on first.cities.id = "mixed case".cities.id',
      'select first_cities.n, "mixed case_cities".n from first.cities__duro_new as first_cities join "mixed case".cities__duro_new as "mixed case_cities" on first_cities.id = "mixed case_cities".id',
    ],
    [
      'select first.cities.n, second.cities.n from first.cities, second.cities',
      'select first_cities.n, second.cities.n from first.cities__duro_new as first_cities, second.cities',
    ],
    [
      'select first.cities.n, second.cities.n from first.cities, second.cities, x as first_cities, first_cities_2',
      'select first_cities_3.n, second.cities.n from first.cities__duro_new as first_cities_3, second.cities, x as first_cities, first_cities_2',
    ],
    [
      'select cities.n, (select 1 from second.cities where first.cities.id = cities.id) from first.cities',
      'select first_cities.n, (select 1 from second.cities where first_cities.id = cities.id) from first.cities__duro_new as first_cities',
    ],
    [
      'select (select 1 from cities where second.cities.n = cities.n) from second.cities',
      'select (select 1 from first.cities__duro_new as cities where second.cities.n = cities.n) from second.cities',
    ],
  ])('tells relations of one name apart: %s', (text, expected) => {
    expect(toSuffixed(text, theStatement(text)).text).toBe(expected)
  })

  test.each([
    ['select 1 from"first"."cities"where true', 'select 1 from first.cities__duro_new as cities where true'],
    ['select"first"."cities"."n"from"cities"', 'select cities."n"from first.cities__duro_new as cities'],
    ['select c.n from first.user"c"', 'select c.n from first.user__duro_new "c"'],
    ['select(1)from"cities"c', 'select(1)from first.cities__duro_new c'],
    [`select(regclass'cities')`, `select(regclass 'first.cities__duro_new')`],
  ])('keeps names apart from what touches them: %s', (text, expected) => {
    expect(toSuffixed(text, theStatement(text)).text).toBe(expected)
  })

  test('a name with a backslash and a quote in a literal', () => {
    const text = `select(regclass'cities')`
    const { text: rewritten } = rewrite(text, theStatement(text), () => ({ schema: `a\\b'`, name: 'c' }))
    expect(rewritten).toBe(String.raw`select(regclass '"a\\b''".c')`)
  })

  test('a relation that keeps its name gets no alias', () => {
    const text = 'select first.cities.n from cities'
    const { text: rewritten } = rewrite(text, theStatement(text), () => ({ schema: 'x', name: 'cities' }))
    expect(rewritten).toBe('select x.cities.n from x.cities')
  })

  test('changes nothing outside what names the relations', () => {
    fc.assert(
      fc.property(anyQuery, surroundings, (sql, { before, after }) => {
        const text = `${before}${sql}\n${after}`
        const statement = theStatement(text)
        const rewritten = toSuffixed(text, statement)
        expectSameOutside(rewritten, text, statement)
        expect(parser.parse(rewritten.text)).toHaveLength(1)
      }),
      { numRuns: 250 },
    )
  })

  test('gives the same text when nothing is resolved', () => {
    fc.assert(
      fc.property(anyQuery, surroundings, (sql, { before, after }) => {
        const text = `${before}${sql}\n${after}`
        const statement = theStatement(text)
        const { text: same } = rewrite(text, statement, () => null)
        expect(same).toBe(text.slice(statement.span.start, statement.span.end))
      }),
      { numRuns: 150 },
    )
  })

  test('gives relations that lead back to the same, and back again', () => {
    fc.assert(
      fc.property(anyQuery, (sql) => {
        const statement = theStatement(sql)
        const there = toSuffixed(sql, statement).text
        const expected = statement.references.filter(isNoQualifier).map((reference) => {
          const address = resolveReference(reference, searchPath, isManagedInRedshift)
          if (address === null) return nameOf(reference)
          return { ...nameOf(reference), ...address, name: `${address.name}${suffix}` }
        })
        const suffixed = theStatement(there)
        expect(suffixed.references.filter(isNoQualifier).map(nameOf)).toEqual(expected)

        const { text: back } = rewrite(there, suffixed, withoutSuffix)
        expect(theStatement(back).references.filter(isNoQualifier).map(nameOf)).toEqual(
          expected.map((each) => ({ ...each, name: each.name.replace(suffix, '') })),
        )
      }),
      { numRuns: 200 },
    )
  })
})

describe('toSource in Redshift', () => {
  const text = '  select é, 😀, first.cities.n from first . cities, shops where n > 1; -- end'
  const { text: rewritten, toSource } = toSuffixed(text, theStatement(text))

  test.each(['select', '😀', ', shops', 'where', '1'])('finds %s', (word) => {
    expect(toSource(rewritten.indexOf(word))).toBe(text.indexOf(word))
  })

  test('finds the beginning of what was exchanged, also from its alias', () => {
    const start = rewritten.indexOf('first.cities__duro_new')
    expect([start, start + 4, rewritten.indexOf('as cities') + 3].map(toSource)).toEqual(
      Array(3).fill(text.indexOf('first . cities')),
    )
    expect(toSource(rewritten.indexOf('cities.n'))).toBe(text.indexOf('first.cities.n'))
  })

  test('finds the end, also from beyond', () => {
    expect(toSource(rewritten.length + 7)).toBe(text.indexOf(';'))
  })
})

function toSuffixed(text: string, statement: ParsedStatement): Rewritten {
  return rewrite(text, statement, (reference) => {
    if (reference.kind === 'target') return { schema: 'first', name: `${reference.name}${suffix}` }
    const address = resolveReference(reference, searchPath, isManagedInRedshift)
    return address === null ? null : { ...address, name: `${address.name}${suffix}` }
  })
}

function withoutSuffix({ schema, name }: Reference) {
  if (schema === null || !name.endsWith(suffix)) return null
  return { schema, name: name.slice(0, -suffix.length) }
}

/** Once a relation has an alias, columns are no longer named by its schema. */
function isNoQualifier({ kind }: Reference): boolean {
  return kind !== 'column-qualifier'
}

function nameOf({ schema, name, kind }: Reference) {
  return { schema, name, kind }
}

/** What comes from a place that is no relation, no literal and no qualifier is the text of that place. */
function expectSameOutside(
  { text: rewritten, toSource }: Rewritten,
  text: string,
  statement: ParsedStatement,
) {
  const { references, naming, span } = statement
  const places = [...references, ...(naming?.qualifiers ?? [])].map((each) => each.span)
  const aliases = new Set(naming?.unaliased.map(({ aliasAt }) => aliasAt))
  const starts = new Set(places.map(({ start }) => start))
  const outside = Array.from({ length: span.end - span.start }, (_, index) => span.start + index)
    .filter((at) => places.every(({ start, end }) => at < start || at >= end))
    .map((at) => text[at])
    .join('')
  let kept = ''
  for (let index = 0; index < rewritten.length; index += 1) {
    const at = toSource(index)
    if (starts.has(at) || places.some(({ start, end }) => at > start && at < end)) continue
    // An alias behind a star comes from where it was put.
    if (aliases.has(at) && toSource(index + 1) === at) continue
    if (rewritten[index] === text[at]) kept += text[at]
  }
  expect(kept).toBe(outside)
}
