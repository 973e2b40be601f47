import { describe, expect, test } from 'vitest'

import { loadPostgresParser } from '../../../src/sql/postgres/postgres-parser.ts'
import { syntaxErrorOf } from './queries/syntax-error-of.ts'

const parser = await loadPostgresParser()

describe('statements', () => {
  test.each([
    ['', []],
    [' \n', []],
    ['-- nothing', []],
    [';;', []],
    ['select 1', ['select 1']],
    ['select 1;', ['select 1']],
    [' /* é */ select 1 /* 😀 */ ; -- x', ['select 1']],
    [';; select 1;; select 2 -- a\n; -- b', ['select 1', 'select 2']],
    [
      'select \';\' as ";" -- ;\n, $$;$$; select /* ; */ 2',
      ['select \';\' as ";" -- ;\n, $$;$$', 'select /* ; */ 2'],
    ],
    ['select 1\r\n;\r\nselect 2\r\n', ['select 1', 'select 2']],
    ['(select 1)', ['(select 1)']],
  ])('%j', (text, expected) => {
    expect(parser.parse(text).map(({ span }) => text.slice(span.start, span.end))).toEqual(expected)
  })

  test.each([
    ['select 1', 'select'],
    ['values (1)', 'select'],
    ['table first.cities', 'select'],
    ['with a as (select 1) select * from a', 'select'],
    ['(select 1) union select 2', 'select'],
    ['select 1 into b', 'other'],
    ['select 1 into b union select 2', 'other'],
    ['with a as (insert into b values (1) returning *) select * from a', 'other'],
    ['with a as (update b set c = 1 returning *) select * from a', 'other'],
    ['with a as (delete from b returning *) select * from a', 'other'],
    ['select * from (with a as (delete from b returning *) select * from a) as c', 'other'],
    ['insert into a select 1', 'other'],
    ['create table a (b int)', 'create-table'],
    ['create table a as select 1', 'other'],
    ['create view a as select 1', 'other'],
    ['explain select 1', 'other'],
    ['drop table a', 'other'],
  ])('%s is %s', (text, kind) => {
    expect(parser.parse(text).map((statement) => statement.kind)).toEqual([kind])
  })

  test('a created table is a target, and what it is made like is read', () => {
    const [statement] = parser.parse('create table First.cities (a int, b first.shops, like second.cities)')
    expect(statement?.references).toEqual([
      { kind: 'target', schema: 'first', name: 'cities', span: { start: 13, end: 25 } },
      { kind: 'type', schema: 'first', name: 'shops', span: { start: 36, end: 47 } },
      { kind: 'relation', schema: 'second', name: 'cities', span: { start: 54, end: 67 } },
    ])
  })

  test('a created table that a foreign key of its own names is no more read than made', () => {
    const [statement] = parser.parse(
      'create table a.tree (id int primary key, up int references A.tree (id), b int references b.tree)',
    )
    expect(statement?.references.map(({ kind, schema, name }) => `${kind} ${schema}.${name}`)).toEqual([
      'target a.tree',
      'target a.tree',
      'relation b.tree',
    ])
  })

  test('the catalog is kept', () => {
    const [statement] = parser.parse('select Db.first.cities.n from db."first".cities')
    expect(statement?.references).toEqual([
      {
        kind: 'column-qualifier',
        catalog: 'db',
        schema: 'first',
        name: 'cities',
        span: { start: 7, end: 22 },
      },
      { kind: 'relation', catalog: 'db', schema: 'first', name: 'cities', span: { start: 30, end: 47 } },
    ])
  })
})

describe('parameters', () => {
  test('are found where they are', () => {
    const text = 'select $1, a[$2] /* $3 */ + $45; select 1; select ä || $2'
    const found = parser.parse(text).map(({ parameters }) => parameters)
    expect(found).toEqual([
      [
        { start: 7, end: 9 },
        { start: 13, end: 15 },
        { start: 28, end: 31 },
      ],
      [],
      [{ start: 55, end: 57 }],
    ])
  })

  test.each([
    `select '$1', 'it''s $1', e'\\' $1', U&'$1'`,
    `select "$1", "a""$1" from t`,
    `select a$1, ä$1 from t`,
    `select 1 -- $1`,
    `select /* /* $1 */ $1 */ 1 /*/ $1 */`,
    `select $$ $1 $$, $a$ $1 $$ $1 $a$`,
  ])('%s has none', (text) => {
    expect(parser.parse(text).map(({ parameters }) => parameters)).toEqual([[]])
  })
})

describe('names are read as the server reads them', () => {
  test.each([
    ['CITIES', 'cities'],
    ['ÉCITIES', 'Écities'],
    ['"Cities"', 'Cities'],
    ['"a""b"', 'a"b'],
    ['U&"d\\0061t\\+00006c"', 'datl'],
    [`U&"d!0061t" UESCAPE '!'`, 'dat'],
    ['é'.repeat(40), 'é'.repeat(31)],
    [`"a${'😀'.repeat(40)}"`, `a${'😀'.repeat(15)}`],
  ])('%s', (written, name) => {
    const [statement] = parser.parse(`select '😀' from ${written}`)
    const span = { start: 17, end: 17 + written.length }
    expect(statement?.references).toEqual([{ kind: 'relation', schema: null, name, span }])
  })
})

describe('syntax errors', () => {
  test.each([
    ['select 1 from from', 14, 'syntax error at or near "from"'],
    ['select é😀 from from', 16, 'syntax error at or near "from"'],
    ["-- 😀\nselect 'abc", 13, 'unterminated quoted string at or near "\'abc"'],
    ['select "abc', 7, 'unterminated quoted identifier at or near ""abc"'],
    ['select /* abc', 7, 'unterminated /* comment at or near "/* abc"'],
    ['select 1 from a where', 21, 'syntax error at end of input'],
    ["select U&'\\zzzz'", 10, 'invalid Unicode escape'],
    ['select 1\0', 8, 'the text holds a character that PostgreSQL cannot read'],
    ["select '😀', '\ud800'", 14, 'the text holds a character that PostgreSQL cannot read'],
    ['select 1; selec 2', 10, 'syntax error at or near "selec"'],
  ])('%j at %i', (text, offset, message) => {
    expect(syntaxErrorOf(() => parser.parse(text))).toEqual({ offset, message })
  })

  test('a comment at the end is none', () => {
    expect(parser.parse('select 1 -- 😀')).toHaveLength(1)
  })

  test('an expression too deep for the parser', () => {
    const failed = syntaxErrorOf(() => parser.parse(`select ${'a || '.repeat(100_000)} a`))
    expect(failed?.message).toMatch(/too deep|stack/)
    expect(parser.parse('select 1')).toHaveLength(1)
  })
})

test('a long chain is read', () => {
  const text = `select ${'a || '.repeat(1500)} a from first.cities where n in (${'1, '.repeat(20_000)} 1)`
  expect(parser.parse(text)[0]?.references).toHaveLength(1)
})
