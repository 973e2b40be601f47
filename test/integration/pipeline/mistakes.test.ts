import { describe, expect, test } from 'vitest'

import { DuroError, SqlError } from '../../../src/errors.ts'
import { leftovers, relationIds } from '../../support/catalog.ts'
import type { Ran } from '../../support/duro.ts'
import { makeWorld } from '../../support/world.ts'

const people = `create table people (id int, name text, city int); insert into people values (1, 'Ada', 1)`
const select = 'select id, name, city from public.people'

/** What was said of views before anything was built, as `stage: message`. */
const complaints = ({ events }: Ran): string[] =>
  events.flatMap((event) => (event.type === 'view-failed' ? [`${event.stage}: ${event.error.message}`] : []))

const detailsOf = ({ events }: Ran): (string | undefined)[] =>
  events.flatMap((event) =>
    event.type === 'view-failed' && event.error instanceof SqlError ? [event.error.detail] : [],
  )

const hasBuilt = ({ events }: Ran): boolean => events.some((event) => event.type === 'view-started')

describe('a mistake is found before anything is built', () => {
  test.each([
    [
      'in a total',
      'totals: { pay: sum(wage) }',
      /test: the total pay of first.people could not be computed: column "wage"/,
    ],
    [
      'in a total that is no aggregate',
      'totals: { pay: id }',
      /test: the total pay .* must appear in the GROUP BY/,
    ],
    [
      'in a declared test',
      'tests: { not_null: [nam] }',
      /test: the test not_null\(nam\) of first.people .* column "nam"/,
    ],
    [
      'in what a declared test compares with',
      'tests: { relationships: { city: { to: public.towns, field: id } } }',
      /test: the test relationships\(city → public.towns.id\) .* relation "public.towns" does not exist/,
    ],
    [
      'in an index',
      'indexes: [{ columns: [nam] }]',
      /build: index .* of first.people could not be built: column "nam"/,
    ],
    [
      'in the expression of an index',
      'indexes: [{ columns: ["lower(city)"] }]',
      /build: index .* function lower\(integer\)/,
    ],
    [
      'in the description of a column',
      'columns: { id: The key, nam: What it is called }',
      /build: first.people could not be built: its columns describe nam, which is no column of it/,
    ],
    [
      'in a role',
      'grant_select: [public, nobody_at_all]',
      /build: first.people could not be built: role "nobody_at_all" does not exist/,
    ],
  ])('%s', async (_, settings, expected) => {
    const world = await makeWorld(people, {
      'views/first/people.sql': select,
      'views/first/people.yaml': settings,
    })
    expect((await world.duro(['plan'])).code).toBe(2)
    const ran = await world.duro(['refresh'])
    expect(ran.code).toBe(1)
    expect(complaints(ran)).toEqual([expect.stringMatching(expected)])
    expect(hasBuilt(ran)).toBe(false)
    expect(await relationIds(world.url)).not.toHaveProperty('first.people')
    expect(await leftovers(world.url)).toEqual([])
  })

  test('in settings, whose place is told', async () => {
    const world = await makeWorld(people, {
      'views/first.yaml': 'totals:\n  pay: sum(wage)\n',
      'views/first/people.sql': select,
      'views/first/cities.sql': select,
      'views/first/cities.yaml':
        'indexes:\n  - { columns: [id] }\n  - { columns: [town] }\ntests:\n  not_null: town\n',
    })
    expect(detailsOf(await world.duro(['refresh']))).toEqual([
      'in views/first/cities.yaml:3:5',
      'in views/first/cities.yaml:5:13',
      'in views/first.yaml:2:8',
      'in views/first.yaml:2:8',
    ])
  })

  test('in what the settings say of columns and readers, whose place is told', async () => {
    const world = await makeWorld(people, {
      'views/first/people.sql': select,
      'views/first/people.yaml': 'columns:\n  id: key\n  nam: what it is called\n  town: where it is',
      'views/first/cities.sql': select,
      'views/global.conf': 'grant_select = public, nobody_at_all',
      // What is inherited is for the views that have it.
      'views/first.yaml': 'columns: { nothing: none, name: text }',
    })
    const place = 'in views/global.conf:1:24'
    expect(detailsOf(await world.duro(['refresh']))).toEqual([
      place,
      'in views/first/people.yaml:3:3\nin views/first/people.yaml:4:3',
      place,
    ])
  })

  test('or in the build, where a role is gone by then', async () => {
    const world = await makeWorld(people, {
      'views/first/people.sql': select,
      'views/first/people.yaml': 'grant_select: [public]',
      'views/first/people_test.sql': 'select true',
    })
    await world.refresh()
    const role = `duro_test_gone_${process.pid}`
    await world.sql(`create role ${role}`)
    await world.project.update({ 'views/first/people.yaml': `grant_select:\n  - ${role}` })
    await world.refresh()
    await world.sql(`drop owned by ${role}; drop role ${role}`)
    const ran = await world.duro(['refresh', '--force'])
    expect(complaints(ran)).toEqual([expect.stringContaining(`role "${role}" does not exist`)])
    expect(detailsOf(ran)).toEqual(['in views/first/people.yaml:2:5'])
  })

  test('or by the rows, and the place is told, too', async () => {
    const world = await makeWorld(`${people}; insert into people select * from people`, {
      'views/first/people.sql': select,
      'views/first/people.yaml': 'indexes:\n  - { columns: [id], unique: true }',
    })
    expect(detailsOf(await world.duro(['refresh']))).toEqual([
      'Key (id)=(1) is duplicated.\nin views/first/people.yaml:2:5',
    ])
  })

  test('in tests, all at once, each with its place', async () => {
    const world = await makeWorld(people, {
      'views/first/people.sql': select,
      'views/first/people_test.sql':
        'select true;\n\nselect nam is null from first.people;\nselect now() > 5',
      'views/first/cities.sql': 'select distinct city from first.people',
      // In parentheses, and of the other view.
      'views/first/cities_test.sql': '(select count(*) > 0, max(town) from first.cities, first.people)',
    })
    const ran = await world.duro(['refresh'])
    expect(ran.code).toBe(1)
    expect(ran.error?.message).toBe('2 views failed: first.people, first.cities')
    expect(hasBuilt(ran)).toBe(false)
    const places = ran.events.flatMap((event) =>
      event.type === 'view-failed' && event.error instanceof SqlError ? [event.error.location] : [],
    )
    expect(places.map((place) => `${place?.file}:${place?.line}:${place?.column}`)).toEqual([
      'views/first/people_test.sql:3:8',
      'views/first/people_test.sql:4:14',
      'views/first/cities_test.sql:1:27',
    ])
  })

  test('but what only rows can show, and what the role may not read, is left to the tests', async () => {
    const world = await makeWorld(`${people}; create table secrets (id int)`, {
      'views/first/people.sql': select,
      'views/first/people_test.sql':
        'select 1 / (id - 1) = 1 from first.people;\nselect count(*) > 0 from secrets',
    })
    const role = await world.createRole()
    const database = new URL(world.url).pathname.slice(1)
    await world.sql(`grant create on database "${database}" to ${role}; grant select on people to ${role}`)
    const ran = await world.duro(['--database', world.urlFor(role), 'refresh'])
    expect(hasBuilt(ran)).toBe(true)
    expect(complaints(ran)).toEqual(['test: first.people failed 2 data tests'])
  })

  test('and with --keep-going the others are published', async () => {
    const world = await makeWorld(people, {
      'views/first/people.sql': select,
      'views/first/others.sql': select,
      'views/first/others_test.sql': 'select nam is null from first.others',
    })
    const ran = await world.duro(['refresh', '--keep-going'])
    expect(ran.code).toBe(1)
    expect(Object.keys(await relationIds(world.url))).toContain('first.people')
    expect(await relationIds(world.url)).not.toHaveProperty('first.others')
  })
})

test('tests that are right are tried in silence, whatever they are written like', async () => {
  const world = await makeWorld(people, {
    'views/first/people.sql': select,
    'views/first/people.yaml':
      'indexes: [{ columns: [id], unique: true }, { columns: ["lower(name)"], where: city > 0 }]\ntotals: { ids: sum(id), last: max(name) }\ntests: { not_null: [id], unique: [[id]], accepted_values: { city: [1] } }',
    'views/first/people_test.sql':
      'with few as (select * from people) select count(*) > 0 from few; -- the end\n(select true);\nvalues (true), (true);\ntable first.yes -- and that is it',
    'views/first/yes.sql': 'select true as yes',
    'duro.yaml': 'default_interval: 1h\ndefault_schema: first\n',
  })
  const ran = await world.refresh()
  expect(complaints(ran)).toEqual([])
  await world.refresh('--force')
})

test('a definition and a test may use what a source has gained, where the view between is built anew too', async () => {
  const world = await makeWorld('create table source as select 1 as n', {
    'views/first/a.sql': 'select * from source',
    'views/first/b.sql': 'select n from first.a',
  })
  await world.refresh()
  await world.sql('alter table source add x int default 5')
  await world.project.update({
    'views/first/b.sql': 'select n, x from first.a',
    'views/first/c.sql': 'select 1 as one',
    'views/first/c_test.sql': 'select x = 5 from first.a',
  })
  // The other view is fresh, and stays as it is.
  expect((await world.duro(['refresh'])).error?.message).toContain('column "x" does not exist')
  await world.refresh('--force')
  expect(await world.sql('select * from first.b')).toEqual([{ n: 1, x: 5 }])
})

test('a test whose planning takes its time can be interrupted, and may not write', async () => {
  const world = await makeWorld(people, {
    'views/first/people.sql': select,
    'views/first/people_test.sql': 'select slow() and count(*) > 0 from first.people',
  })
  await world.sql(`create function slow() returns boolean immutable language plpgsql as
    'begin perform pg_sleep(600); return true; end'`)
  const interrupting = new AbortController()
  setTimeout(() => interrupting.abort(new DuroError('interrupted', 'interrupted')), 500)
  const ran = await world.duro(['refresh'], { signal: interrupting.signal })
  expect(ran.error).toMatchObject({ code: 'interrupted' })
  await world.sql(`create or replace function slow() returns boolean immutable language plpgsql as
    'begin delete from public.people; return true; end'`)
  expect((await world.duro(['refresh', '--force'])).code).toBe(1)
  expect(await world.sql('select count(*)::int as n from people')).toEqual([{ n: 1 }])
})

test.each([
  ['test file', { 'views/first/people_test.sql': 'select nam is not null from first.people' }],
  ['declared test', { 'views/first/people.yaml': 'tests: { not_null: [nam] }' }],
  ['total', { 'views/first/people.yaml': 'totals: { n: sum(nam) }' }],
])(
  'a mistake in an edited %s of a view that stays as it is is found before anything is built',
  async (_, edited) => {
    const world = await makeWorld(people, {
      'views/first/people.sql': select,
      'views/first/people_test.sql': 'select name is not null from first.people',
    })
    await world.refresh()
    await world.project.update(edited)
    expect((await world.duro(['plan'])).stdout).toContain('Nothing to do')
    const ran = await world.duro(['refresh', 'first.people'])
    expect(complaints(ran)).toEqual([expect.stringContaining('column "nam" does not exist')])
    expect(hasBuilt(ran)).toBe(false)
    await world.project.update({
      'views/first/people.yaml': 'tests: { unique: [id] }',
      'views/first/people_test.sql': 'select id is not null from first.people',
    })
    const refreshed = await world.refresh('first.people')
    expect(refreshed.events).toContainEqual(expect.objectContaining({ published: ['first.people'] }))
    expect((await world.duro(['plan', '--check'])).code).toBe(0)
  },
)
