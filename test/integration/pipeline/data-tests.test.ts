import { describe, expect, test } from 'vitest'

import { SqlError } from '../../../src/errors.ts'
import { leftovers, relationIds } from '../../support/catalog.ts'
import { testFailures } from '../../support/duro.ts'
import { makeWorld } from '../../support/world.ts'

const people = `create table people (id int, name text, status text, city int);
  insert into people values (1, 'Ada', 'new', 1), (2, 'Bo', 'paid', 1), (3, 'Cy', 'paid', 2)`

/** With it, tests that the server will not plan are run with the others; else nothing is built for them. */
const late = ['--keep-going']

/** What a refresh says of one view whose tests are these. */
async function run(tests: string, settings: string | null = null, flags: readonly string[] = []) {
  const world = await makeWorld(people, {
    'views/first/people.sql': 'select * from public.people',
    ...(tests === '' ? {} : { 'views/first/people_test.sql': tests }),
    ...(settings === null ? {} : { 'views/first/people.yaml': settings }),
  })
  const ran = await world.duro(['refresh', ...flags])
  return { world, ran, failures: testFailures(ran).map(({ failure }) => failure) }
}

describe('a data test', () => {
  test('passes when every column of every row of every statement is true', async () => {
    const { ran, failures } = await run(
      'select count(*) > 0 as some, count(*) < 9 as few from first.people;\nselect id > 0 from first.people;',
    )
    expect(failures).toEqual([])
    expect(ran.code).toBe(0)
  })

  test('fails with its line and the rows that do not hold, and nothing is published', async () => {
    const { world, ran, failures } = await run(
      'select true;\n\n-- each is small\nselect id, id < 3 as small from first.people order by id',
      '',
    )
    expect(ran.code).toBe(1)
    expect(ran.error?.message).toContain('first.people failed a data test')
    expect(failures).toEqual([
      expect.objectContaining({ test: 'statement 2', file: 'views/first/people_test.sql', line: 4 }),
    ])
    expect(await relationIds(world.url)).not.toHaveProperty('first.people')
    expect(await leftovers(world.url)).toEqual([])
  })

  test('shows the rows that do not hold, five at most', async () => {
    const { failures } = await run('select n < 3 as small from generate_series(1, 1000) n')
    expect(failures[0]?.samples).toEqual(Array.from({ length: 5 }, () => ({ small: false })))
    expect(failures[0]?.message).toBe('small is false')
  })

  test('sees each of two columns of the same name', async () => {
    const { failures } = await run('select 1 = 2, 1 = 1')
    expect(failures).toHaveLength(1)
    expect(failures[0]?.message).toContain('?column? is false')
  })

  test('that gives no row has shown nothing, and fails', async () => {
    const { failures } = await run('select id > 0 as ok from first.people where id > 100')
    expect(failures[0]?.message).toBe('it gave no row, and so tested nothing')
  })

  test('does not take null for true', async () => {
    const { failures } = await run('select null::boolean as ok')
    expect(failures[0]?.message).toBe('ok is null')
  })

  test.each([
    ["'true'::text", 'true'],
    ['1', '1'],
    [`'t'::"char"`, 't'],
  ])('does not take %s for true, since it is no boolean', async (value, shown) => {
    const { failures } = await run(`select ${value} as ok`)
    expect(failures[0]?.message).toBe(`ok is ${shown}, and only true counts as true`)
  })

  test('that cannot be run points to its place in the file', async () => {
    const { ran, failures } = await run(
      'select true;\nselect count(*) > 0,\n  wrong = 1 from first.people',
      null,
      late,
    )
    expect(ran.code).toBe(1)
    expect(failures[0]?.error).toBeInstanceOf(SqlError)
    expect(failures[0]?.error?.location).toEqual({
      file: 'views/first/people_test.sql',
      line: 3,
      column: 3,
      lineText: '  wrong = 1 from first.people',
    })
  })

  test('that fails while its rows are computed names its file', async () => {
    const { failures } = await run('select 1 / (id - 3) = 1 as ok from first.people')
    expect(failures[0]?.error?.message).toContain('division by zero')
    expect(failures[0]?.file).toBe('views/first/people_test.sql')
  })

  test('may not write', async () => {
    const { world, failures } = await run('select forget() as ok', null, late)
    expect(failures[0]?.message).toContain('forget')
    await world.sql(`create function forget() returns boolean language plpgsql as
      'begin delete from public.people; return true; end'`)
    const ran = await world.duro(['refresh'])
    expect(testFailures(ran)[0]?.failure.message).toContain('read-only transaction')
    expect(await world.sql('select count(*)::int as n from people')).toEqual([{ n: 3 }])
  })

  test('reads the new versions of other views of the run, and the live ones of the rest', async () => {
    const world = await makeWorld('create table source as select 1 as n', {
      'views/first/a.sql': 'select n from source',
      'views/first/b.sql': 'select n from source',
      'views/first/b_test.sql':
        'select (select max(n) from first.a) = (select max(n) from first.b) as same from first.b',
    })
    await world.refresh()
    await world.sql('update source set n = 2')
    expect((await world.duro(['refresh', 'first.b'])).code).toBe(1)
    expect((await world.duro(['refresh', '--force'])).code).toBe(0)
  })

  test('names every failure of a run, not just the first', async () => {
    const { failures } = await run(
      'select false as a; select false as b',
      'tests: { not_null: [nothing] }',
      late,
    )
    expect(failures.map((failure) => failure.test)).toEqual([
      'not_null(nothing)',
      'statement 1',
      'statement 2',
    ])
  })
})

describe('a declared test', () => {
  const good = `tests:
  not_null: [id, name]
  unique: [id, [name, city]]
  accepted_values: { status: [new, paid] }
  relationships: { city: { to: public.cities, field: id } }`

  test.each([
    ['insert into people values (4, null, $$new$$, 1)', 'not_null(name)', 'name is null'],
    ['insert into people values (1, $$Di$$, $$new$$, 1)', 'unique(id)', 'the same more than once'],
    ['insert into people values (4, $$Ada$$, $$new$$, 1)', 'unique(name, city)', 'the same more than once'],
    [
      'update people set status = $$old$$ where id = 1',
      'accepted_values(status)',
      'status is none of new, paid',
    ],
    [
      'update people set city = 9 where id = 1',
      'relationships(city → public.cities.id)',
      'city is not in public.cities',
    ],
  ])('of each kind passes, and fails after %s', async (change, name, complaint) => {
    const world = await makeWorld(`${people}; create table cities as select generate_series(1, 2) as id`, {
      'views/first/people.sql': 'select * from public.people',
      'views/first/people.yaml': good,
    })
    expect(testFailures(await world.refresh())).toEqual([])
    await world.sql(change)
    const ran = await world.duro(['refresh', '--force'])
    expect(ran.code).toBe(1)
    expect(testFailures(ran)).toMatchObject([
      { view: 'first.people', failure: { test: name, message: complaint, error: null } },
    ])
    expect(testFailures(ran)[0]?.failure.samples).toHaveLength(1)
  })

  test.each(['view', 'table', 'none'])(
    'of a %s that cannot be run leaves the others their say',
    async (kind) => {
      const world = await makeWorld(`${people}; insert into people values (4, null, 'old', 1)`, {
        'views/first/people.sql': 'select * from public.people',
        'views/first/people.yaml': `materialized: ${kind}
tests: { not_null: [id, nothing, name], accepted_values: { status: [new, paid] } }`,
      })
      const ran = await world.duro(['refresh', ...late])
      expect(ran.code).toBe(1)
      expect(testFailures(ran).map(({ failure: { test: name, error } }) => [name, error !== null])).toEqual([
        ['not_null(nothing)', true],
        ['not_null(name)', false],
        ['accepted_values(status)', false],
      ])
    },
  )

  test('of relationships to a view of the run reads its new version', async () => {
    const world = await makeWorld(`${people}; create table source as select generate_series(1, 2) as id`, {
      'views/first/cities.sql': 'select id from source',
      'views/first/people.sql': 'select * from public.people',
      'views/first/people.yaml': 'tests: { relationships: { city: { to: first.cities, field: id } } }',
    })
    await world.refresh()
    await world.sql('insert into source values (3); update people set city = 3 where id = 1')
    expect((await world.duro(['refresh', 'first.people'])).code).toBe(1)
    expect((await world.duro(['refresh', '--force'])).code).toBe(0)
  })

  test('compares the values of a number as numbers, of whatever type it is', async () => {
    const world = await makeWorld(
      'create domain price as numeric(6, 3); create table source (amount price); insert into source values (2.5)',
      {
        'views/first/odd.sql': `select 3.0 as n, 0.10::numeric(4, 2) as cut, 1e-7::float8 as tiny, 0.1::real as short, 7 as whole,
          1234567890123456789012.00 as large, (select amount from source) as amount`,
        'views/first/odd.yaml': `tests:
  accepted_values:
    n: [3, 0.10]
    cut: [3, 0.10]
    tiny: [1e-7]
    short: [0.1]
    whole: [7.0]
    large: [1234567890123456789012]
    amount: [2.50]`,
      },
    )
    expect(testFailures(await world.refresh())).toEqual([])
    await world.sql('update source set amount = 2.501')
    const ran = await world.duro(['refresh', '--force'])
    expect(testFailures(ran)).toMatchObject([{ failure: { test: 'accepted_values(amount)', error: null } }])
  })

  // In YAML 1.10 is the number 1.1, which a text may be; what is to be 1.10 as a text stands in quotes.
  test.each([
    ["'007'", '[7]', false],
    ["'007'", '["007", 8]', true],
    ["'1.1'", '[1.10]', true],
    ["'1.10'", '[1.10]', false],
    ["'1.10'", '["1.10"]', true],
    ["'3'", '[3]', true],
    ["'3.0'", '[3]', false],
    ["'1e0'", '[1]', false],
    ["'new'::mood", '[new, 1]', true],
    ["'1'::mood", '[1.0]', true],
    ["'sad'::mood", '[new, 1]', false],
    ['true', '[true, 1]', true],
    ['false', '[true, 0]', false],
    ["date '2024-01-01'", '[2024-01-01, 1]', true],
    ["date '2024-01-01'", '[2024]', false],
    ['null::int', '[1]', true],
    ["'{1}'::int[]", '[1]', false],
    ["'NaN'::float8", '[1]', false],
    ["'12.50'::money", '[12.5]', false],
    // Types without equality, and one whose text says more than what is printed.
    [`'{"a":1}'::json`, `['{"a":1}']`, true],
    [`'{"a":1}'::json`, '[1]', false],
    [`'"new"'::json`, '[new]', true],
    [`'"new"'::jsonb`, '[old, 2]', false],
    ["'null'::jsonb", '[new]', false],
    ["'null'::jsonb", '["null"]', true],
    ["'5'::json", '[5.0]', true],
    ["'<a/>'::xml", '[<a/>]', true],
    ["'<a/>'::xml", '[<b/>]', false],
    ["'(1,2)'::point", '["(1,2)"]', true],
    ["'(1,2)'::point", '["(1,3)", 1]', false],
    ["'10.0.0.1'::inet", '[10.0.0.1]', true],
    ["'10.0.0.1'::inet", '[10.0.0.1/32]', true],
    ["'10.0.0.1'::inet", '[10.0.0.2]', false],
    ["'{}'::int[]", '[1]', false],
    // Escapes that are no character, which only the type json takes, and others that are.
    [String.raw`'"\u0000"'::json`, '[new, 1]', false],
    [String.raw`'"\u0000"'::json`, String.raw`['"\u0000"']`, true],
    [String.raw`'{"a": ["x\u0000"]}'::json`, '[new, 1]', false],
    [String.raw`array['"\u0000"'::json]`, '[new, 1]', false],
    [String.raw`'\u0000'`, String.raw`['\u0000']`, true],
    [String.raw`'"\ud83d"'::json`, '[new, 1]', false],
    [String.raw`'"\ude00\ud83d"'::json`, '[new, 1]', false],
    [String.raw`'"\ud83d\ude00"'::json`, '[😀]', true],
    [String.raw`'"\u006eew"'::json`, '[new, 1]', true],
    [String.raw`'"\\u0000"'::json`, String.raw`['\u0000']`, true],
    [String.raw`'"C:\\uda"'::jsonb`, String.raw`['C:\uda']`, true],
    [String.raw`'"\\\u0000"'::json`, String.raw`['\\u0000', new]`, false],
    [String.raw`'\\u0000'`, String.raw`['\\u0000']`, true],
    // More digits than a number of JavaScript has.
    ['0.12345678901234567890', '[0.1234567890123456789]', true],
    ['0.12345678901234567891', '[0.1234567890123456789]', false],
    ['0.12345678901234568', '[0.1234567890123456789]', false],
    ['123456789012.3456789', '[123456789012.34567890]', true],
    ['1e-7', '[0.0000001]', true],
  ])('takes %s for one of %s: %s', async (value, values, isAccepted) => {
    const world = await makeWorld("create type mood as enum ('new', 'sad', '1')", {
      'views/first/odd.sql': `select ${value} as n`,
      'views/first/odd.yaml': `tests: { accepted_values: { n: ${values} } }`,
    })
    const ran = await world.duro(['refresh'])
    const failures = testFailures(ran)
    expect(ran.code).toBe(isAccepted ? 0 : 1)
    expect(failures.map(({ failure }) => [failure.error, failure.samples[0]?.['times']])).toEqual(
      isAccepted ? [] : [[null, '1']],
    )
  })

  test('accepts numbers, booleans and values with quotes as they are', async () => {
    const world = await makeWorld('', {
      'views/first/odd.sql': `select 1 as n, true as b, 'O''Neill' as name`,
      'views/first/odd.yaml': `tests: { accepted_values: { n: [1, 2], b: [true], name: ["O'Neill"] } }`,
    })
    expect(testFailures(await world.refresh())).toEqual([])
  })
})
