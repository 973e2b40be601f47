import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { loadRedshiftParser } from '../../../../src/sql/redshift/redshift-parser.ts'
import { commonQuery } from '../queries/redshift-relations.ts'
import { syntaxErrorOf } from '../queries/syntax-error-of.ts'

const parser = await loadRedshiftParser()

describe('statements of Redshift', () => {
  test.each([
    ['', []],
    [' \n', []],
    ['-- nothing', []],
    [';;', []],
    ['select 1;', ['select 1']],
    [' /* é */ select 1 /* 😀 */ ; -- x', ['select 1']],
    [';; select 1;; select 2 -- a\n; -- b', ['select 1', 'select 2']],
    [
      'select \';\' as ";" -- ;\n, $$;$$; select /* ; */ 2',
      ['select \';\' as ";" -- ;\n, $$;$$', 'select /* ; */ 2'],
    ],
    [String.raw`select 'a\';b'; select 2`, [String.raw`select 'a\';b'`, 'select 2']],
    ['select 1\r\n;\r\nselect 2\r\n', ['select 1', 'select 2']],
    ['(select 1)', ['(select 1)']],
  ])('%j', (text, expected) => {
    expect(parser.parse(text).map(({ span }) => text.slice(span.start, span.end))).toEqual(expected)
  })

  test.each([
    ['select 1', 'select'],
    ['with a as (select 1) select * from a', 'select'],
    ['(select 1) union select 2', 'select'],
    ['select 1 minus select 2', 'select'],
    ['((select 1))', 'select'],
    ['select 1 into b', 'other'],
    ['select 1 into #b from c', 'other'],
    ['with a as (select 1 as x) select x into b from a', 'other'],
    ['select 1 into b union select 2', 'other'],
    ['insert into a select 1', 'other'],
    ['update a set b = 1', 'other'],
    ['delete from a', 'other'],
    ['create table a (b int)', 'create-table'],
    ['create temp table a (b int)', 'create-table'],
    ['create local temporary table #a (b int)', 'create-table'],
    ['create table if not exists a (b int)', 'create-table'],
    ['create table a (like b)', 'create-table'],
    ['create table a as select 1', 'other'],
    ['create table a distkey(x) sortkey(y) as select 1 as x, 2 as y', 'other'],
    ['create view a as select 1', 'other'],
    ['explain select 1', 'other'],
    ['drop table a', 'other'],
    [`unload ('select 1') to 's3://a' iam_role default`, 'other'],
    [`copy a from 's3://b' iam_role default csv`, 'other'],
  ])('%s is %s', (text, kind) => {
    expect(parser.parse(text).map((statement) => statement.kind)).toEqual([kind])
  })

  test.each([
    [
      'create table First.cities (a int, like second.cities)',
      ['target first.cities', 'relation second.cities'],
    ],
    [
      `create table first.cities (id bigint identity(0, 1) encode az64 distkey, b varchar(max) encode zstd not null default 'x',
      c int sortkey, d super, e timestamptz default getdate(), primary key (id)) backup no diststyle key compound sortkey (id, c)`,
      ['target first.cities'],
    ],
    ['create table first.cities (id int) diststyle auto sortkey auto encode auto', ['target first.cities']],
    [
      'create table first.cities (id int references second.cities (id)) diststyle even',
      ['target first.cities', 'relation second.cities'],
    ],
    ['create table a.tree (id int, up int references a.tree (id))', ['target a.tree', 'target a.tree']],
    ['create table cities (encoded int, "distkey" int distkey sortkey)', ['target cities']],
    ['create table a.b as select * from c.d', ['relation c.d']],
  ])('%s', (text, expected) => {
    const [statement] = parser.parse(text)
    expect(
      statement?.references.map(
        ({ kind, schema, name }) => `${kind} ${schema === null ? '' : `${schema}.`}${name}`,
      ),
    ).toEqual(expected)
  })
})

describe('parameters in Redshift', () => {
  test('are found where they are', () => {
    const text = String.raw`select $1, 'a\'', $2 /* $3 */ + $45; select 1; select ä || '\\', $2`
    const found = parser.parse(text).map(({ parameters }) => parameters)
    expect(found.map((spans) => spans.map(({ start, end }) => `${start} ${text.slice(start, end)}`))).toEqual(
      [['7 $1', '18 $2', '32 $45'], [], ['65 $2']],
    )
  })

  test.each([
    String.raw`select '$1', 'it''s $1', '\' $1', e'\' $1', 'a\\\' $1'`,
    `select "$1", "a""$1" from t`,
    `select a$1, ä$1 from t`,
    `select 1 -- $1`,
    `select /* /* $1 */ $1 */ 1 /*/ $1 */`,
    `select $$ $1 $$, $a$ $1 $$ $1 $a$`,
  ])('%s has none', (text) => {
    expect(parser.parse(text).map(({ parameters }) => parameters)).toEqual([[]])
  })
})

describe('names are read as Redshift reads them', () => {
  test.each([
    ['CITIES', 'cities'],
    ['ÉCITIES', 'Écities'],
    ['"Cities"', 'cities'],
    ['"A""B"', 'a"b'],
    ['#Temp', '#temp'],
    ['a$1', 'a$1'],
    ['é'.repeat(80), 'é'.repeat(63)],
    [`"a${'😀'.repeat(40)}"`, `a${'😀'.repeat(31)}`],
  ])('%s', (written, name) => {
    const [statement] = parser.parse(`select '😀' from ${written}`)
    const span = { start: 17, end: 17 + written.length }
    expect(statement?.references).toEqual([{ kind: 'relation', schema: null, name, span }])
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

describe('syntax errors in Redshift', () => {
  test.each([
    ['select 1 from from', 14, 'syntax error at or near "from"'],
    ['select é😀 from from', 16, 'syntax error at or near "from"'],
    ["-- 😀\nselect 'abc", 13, 'unterminated quoted string'],
    [String.raw`select 'abc\'`, 7, 'unterminated quoted string'],
    ['select "abc', 7, 'unterminated quoted identifier'],
    ['select ""', 7, 'a quoted name cannot be empty'],
    ['select /* abc', 7, 'unterminated /* comment'],
    ['select (1', 9, 'syntax error at end of input'],
    ['select 1)', 8, 'syntax error at or near ")"'],
    ['select 1\0', 8, 'the text holds a character that Redshift cannot read'],
    ["select '😀', '\ud800'", 14, 'the text holds a character that Redshift cannot read'],
    ['select 1; selec 2', 16, 'syntax error at or near "2"'],
    ['select `a` from b', 7, 'syntax error at or near "`"'],
    ['select {a}', 7, 'syntax error at or near "{"'],
    ['select a, from b', 10, 'syntax error at or near "from"'],
    ['select a,', 9, 'syntax error at end of input'],
    ['select from b', 7, 'syntax error at or near "from"'],
    ["select 'a' 'b'", 11, 'syntax error at or near "\'b\'"'],
    ['from a.b', 0, 'syntax error at or near "from"'],
    ['select a b c from d', 11, 'syntax error at or near "c"'],
  ])('%j at %i', (text, offset, message) => {
    expect(syntaxErrorOf(() => parser.parse(text))).toEqual({ offset, message })
  })

  test('an expression too deep for the parser', () => {
    const failed = syntaxErrorOf(() => parser.parse(`select ${'a || '.repeat(5_000)} a`))
    expect(failed?.message).toBe('expressions are nested too deeply')
    expect(parser.parse('select 1')).toHaveLength(1)
  })

  test('whatever the text is, nothing else is thrown', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        // What is no SqlSyntaxError is thrown on.
        const { offset } = syntaxErrorOf(() => parser.parse(text)) ?? { offset: 0 }
        expect(offset).toBeGreaterThanOrEqual(0)
        expect(offset).toBeLessThanOrEqual(text.length)
      }),
      { numRuns: 1500 },
    )
  })
})

test('a long list is read', () => {
  const text = `select ${'a || '.repeat(300)} a from first.cities where n in (${'1, '.repeat(20_000)} 1)`
  expect(parser.parse(text)[0]?.references).toHaveLength(1)
})

const fragments = `select from where with as ( ) , . * ; a first cities 1 'x' "Y" :: join on union all unpivot pivot for in create table
  #t [ 0 ] = || over partition by order group having qualify top 5 exclude minus connect insert into distkey encode -- /* */
  $$ \\ ' " é 😀 { } case when then else end interval at not null values`

/** Heaps of what queries are made of, any characters at all, and queries with a piece taken out. */
const anyText = fc.oneof(
  fc.array(fc.constantFrom(...fragments.split(/\s+/)), { maxLength: 14 }).map((pieces) => pieces.join(' ')),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc
    .tuple(commonQuery, fc.nat(), fc.nat({ max: 30 }))
    .map(([{ sql }, at, length]) => sql.slice(0, at % sql.length) + sql.slice((at % sql.length) + length)),
)
