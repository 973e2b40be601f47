import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { ParsedStatement } from '../../../src/sql/parser.ts'
import { loadPostgresParser } from '../../../src/sql/postgres/postgres-parser.ts'
import { resolveReference } from '../../../src/sql/resolve.ts'
import { type Rewritten, rewrite } from '../../../src/sql/rewrite.ts'
import { shadowSchema } from '../../../src/sql/shadow-schema.ts'
import { arbitraryQuery } from './queries/arbitrary-query.ts'
import { surroundings } from './queries/markers.ts'
import { readOne } from './queries/read-one.ts'
import { isManaged, searchPath } from './queries/relations.ts'

const parser = await loadPostgresParser()
const theStatement = readOne(parser)

describe('rewrite', () => {
  test.each([
    ['select n from first.cities', 'select n from first__duro_new.cities'],
    ['select n from cities', 'select n from first__duro_new.cities'],
    ['select n from cities as c', 'select n from first__duro_new.cities as c'],
    ['select first.cities.n from cities', 'select first__duro_new.cities.n from first__duro_new.cities'],
    ['select n from db . first . cities', 'select n from db.first__duro_new.cities'],
    ['select n from "Mixed Case".cities', 'select n from "Mixed Case__duro_new".cities'],
    ['select n from first.user', 'select n from first__duro_new."user"'],
    ['select n from second.cities, shops', 'select n from second.cities, shops'],
    ['select n from first/* x */.cities -- y\n, t', 'select n from first__duro_new.cities -- y\n, t'],
    ['select null::first.cities[]', 'select null::first__duro_new.cities[]'],
    ["select 'First.cities'::regclass", "select 'first__duro_new.cities'::regclass"],
    [`select '"first"."user"'::regclass`, `select 'first__duro_new."user"'::regclass`],
    ['select $$cities$$::regtype', "select 'first__duro_new.cities'::regtype"],
    [
      "select '{First.cities,x}'::regclass[], array['first.user']::regclass[]",
      `select '{first__duro_new.cities,x}'::regclass[], array['first__duro_new."user"']::regclass[]`,
    ],
    [
      "select '{first.user}'::regclass[], E'{first.user}'::regclass[]",
      String.raw`select '{"first__duro_new.\"user\""}'::regclass[], E'{"first__duro_new.\\"user\\""}'::regclass[]`,
    ],
    [
      'select $a${"cities",first.user}$a$::regclass[]',
      'select $a${first__duro_new.cities,"first__duro_new.\\"user\\""}$a$::regclass[]',
    ],
    [
      `select '{"\\"a''b\\".cities",first.cities}'::regclass[]`,
      `select '{"\\"a''b\\".cities",first__duro_new.cities}'::regclass[]`,
    ],
    ["select 'first.cities []'::regtype", "select 'first__duro_new.cities[]'::regtype"],
    ['create table first.cities (id int)', 'create table first__duro_new.cities (id int)'],
    [' -- a\n select 1 from cities ; -- b', 'select 1 from first__duro_new.cities'],
  ])('%s', (text, expected) => {
    expect(toShadow(text, theStatement(text)).text).toBe(expected)
  })

  test.each([
    ['select 1 from"first"."cities"where true', 'select 1 from first__duro_new.cities where true'],
    ['select u&first.user.n from x', 'select u&first__duro_new."user".n from x'],
    ['select u&"a"."b".n from x', 'select u&"a"."b".n from x'],
    ['select c.n from first.user"c"', 'select c.n from first__duro_new."user" "c"'],
    ['select c.n from first.cities"c"', 'select c.n from first__duro_new.cities "c"'],
    ['select(1)from"cities"c', 'select(1)from first__duro_new.cities c'],
    [`select(regclass'cities')`, `select(regclass 'first__duro_new.cities')`],
    [
      'select u&first.cities.n from "Mixed Case".cities',
      'select u& first__duro_new.cities.n from "Mixed Case__duro_new".cities',
    ],
  ])('keeps names apart from what touches them: %s', (text, expected) => {
    expect(toShadow(text, theStatement(text)).text).toBe(expected.replace('u&first__', 'u& first__'))
  })

  test('a name with a backslash in a literal', () => {
    const text = `select(regclass'cities')`
    const { text: rewritten } = rewrite(text, theStatement(text), () => ({ schema: 'a\\b', name: 'c' }))
    expect(rewritten).toBe(String.raw`select(regclass E'"a\\b".c')`)
  })

  test('changes nothing outside the references', () => {
    fc.assert(
      fc.property(arbitraryQuery, surroundings, ({ sql }, { before, after }) => {
        const text = before + sql + after
        const statement = theStatement(text)
        const rewritten = toShadow(text, statement)
        expect(outside(rewritten, text, statement)).toBe(true)
        expect(parser.parse(rewritten.text)).toHaveLength(1)
      }),
      { numRuns: 300 },
    )
  })

  test('gives the same text when nothing is resolved', () => {
    fc.assert(
      fc.property(arbitraryQuery, surroundings, ({ sql }, { before, after }) => {
        const text = before + sql + after
        const { text: same } = rewrite(text, theStatement(text), () => null)
        expect(same).toBe(sql.trim())
      }),
      { numRuns: 100 },
    )
  })

  test('gives references that lead back to the same names', () => {
    fc.assert(
      fc.property(arbitraryQuery, ({ sql }) => {
        const statement = theStatement(sql)
        const shadow = theStatement(toShadow(sql, statement).text)
        const expected = statement.references.map((reference) => {
          const address = resolveReference(reference, searchPath, isManaged)
          const schema = address === null ? reference.schema : shadowSchema(address.schema, 'new')
          return { schema, name: reference.name, kind: reference.kind }
        })
        expect(shadow.references.map(({ schema, name, kind }) => ({ schema, name, kind }))).toEqual(expected)
      }),
      { numRuns: 200 },
    )
  })
})

describe('toSource', () => {
  const text = '  select é, 😀 from first . cities, shops where n > 1; -- end'
  const { text: rewritten, toSource } = toShadow(text, theStatement(text))

  test.each(['select', '😀', 'from', ', shops', 'where', '1'])('finds %s', (word) => {
    expect(toSource(rewritten.indexOf(word))).toBe(text.indexOf(word))
  })

  test('finds the beginning of what was exchanged', () => {
    const start = rewritten.indexOf('first__duro_new')
    expect([start, start + 4, start + 18].map(toSource)).toEqual(
      Array(3).fill(text.indexOf('first . cities')),
    )
  })

  test('finds the end, also from beyond', () => {
    expect(toSource(rewritten.length)).toBe(text.indexOf(';'))
    expect(toSource(rewritten.length + 7)).toBe(text.indexOf(';'))
  })

  test('finds the beginning from before it', () => {
    expect(toSource(-3)).toBe(2)
  })
})

function toShadow(text: string, statement: ParsedStatement): Rewritten {
  return rewrite(text, statement, (reference) => {
    if (reference.kind === 'target') return { schema: 'first__duro_new', name: reference.name }
    const address = resolveReference(reference, searchPath, isManaged)
    return address === null ? null : { ...address, schema: shadowSchema(address.schema, 'new') }
  })
}

/** Every character that no reference covers is there, in order, and comes from where it says. */
function outside(
  { text: rewritten, toSource }: Rewritten,
  text: string,
  { span, references }: ParsedStatement,
): boolean {
  const covered = references.filter(
    (reference) => resolveReference(reference, searchPath, isManaged) !== null,
  )
  const offsets = Array.from({ length: span.end - span.start }, (_, index) => span.start + index).filter(
    (offset) => covered.every((reference) => offset < reference.span.start || offset >= reference.span.end),
  )
  const starts = new Set(covered.map((reference) => reference.span.start))
  const kept = Array.from({ length: rewritten.length }, (_, index) => index).filter(
    (index) => !starts.has(toSource(index)),
  )
  return (
    kept.length === offsets.length &&
    kept.every((index, at) => toSource(index) === offsets[at] && rewritten[index] === text[offsets[at] ?? -1])
  )
}
