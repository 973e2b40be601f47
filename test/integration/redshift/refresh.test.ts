import { expect, test } from 'vitest'

import { runDuro } from '../../support/cli.ts'
import { citiesFiles, citiesSources } from '../../support/redshift/cities.ts'
import { makeRedshiftWorld, redshiftYaml, type RedshiftWorld } from '../../support/redshift/redshift-world.ts'
import { ensureGroups, idOf, leftBy, relationsOf } from '../../support/redshift/relations.ts'

async function makeCities(): Promise<RedshiftWorld> {
  const world = await makeRedshiftWorld(await citiesSources(), await citiesFiles())
  await ensureGroups(world, 'cities_reader', 'cities_analyst')
  return world
}

const numbers = {
  'views/a/numbers.sql': 'select n from a.source',
  'views/a/doubled.sql': 'select n * 2 as n from a.numbers',
  'views/a/doubled_test.sql': 'select min(n) > 0 as is_positive from a.doubled',
}
const numberSources = [
  'create schema a',
  'create table a.source (n int)',
  'insert into a.source values (1), (2)',
]

test('the views of a project are built, tested and published', async () => {
  const world = await makeCities()
  await world.refresh()
  expect(await world.sql('select name, country_name from first.cities order by id')).toMatchObject([
    { name: 'Zürich', country_name: 'Switzerland' },
    { name: 'Genève' },
    { name: 'Reykjavík' },
    { name: '京都' },
    { name: 'Singapore' },
  ])
  expect(await world.sql("select * from second.city_overview where name = 'Zürich'")).toEqual([
    { name: 'Zürich', inhabitants: 443000, shops: '2', paid: '13200.50' },
  ])
  expect(await relationsOf(world)).toEqual(
    expect.arrayContaining(['first.cities', 'first.people', 'second.child', 'second.payroll']),
  )
  expect(await leftBy(world)).toEqual([])
})

test('the next refresh publishes what is new, and leaves nothing', async () => {
  const world = await makeCities()
  await world.refresh()
  const before = await idOf(world, 'first', 'cities')
  await world.sql("insert into source.cities values (7, 'Bern', 'CH', 134000, 1191)")
  await world.refresh('--force')
  expect(await world.sql("select name from first.cities where name = 'Bern'")).toHaveLength(1)
  expect(await world.sql("select name from second.city_overview where name = 'Bern'")).toHaveLength(1)
  expect(await idOf(world, 'first', 'cities')).not.toBe(before)
  expect(await leftBy(world)).toEqual([])
  expect(await world.sql('select * from duro.relations')).toEqual([])
})

test('what is fresh is not built again', async () => {
  const world = await makeRedshiftWorld(numberSources, numbers)
  await world.refresh()
  const { events } = await world.refresh()
  expect(events.at(-1)).toMatchObject({ type: 'run-finished', outcome: 'nothing-to-do' })
})

test('a data test that fails leaves the live versions as they are', async () => {
  const world = await makeRedshiftWorld(numberSources, numbers)
  await world.refresh()
  const before = [await idOf(world, 'a', 'numbers'), await idOf(world, 'a', 'doubled')]
  await world.sql('insert into a.source values (-5)')
  const ran = await world.duro(['refresh', '--force'])
  expect(ran.code).toBe(1)
  expect(ran.events).toContainEqual(expect.objectContaining({ type: 'test-failed', view: 'a.doubled' }))
  expect([await idOf(world, 'a', 'numbers'), await idOf(world, 'a', 'doubled')]).toEqual(before)
  expect(await leftBy(world)).toEqual([])
})

test.each([
  ['3.00::numeric(6, 2)', '[3, 0.10]', 0],
  ['0.10::numeric(6, 2)', '[3, 0.10]', 0],
  ['100', '[1]', 1],
  ['3.01::numeric(6, 2)', '[3, 0.10]', 1],
  ["'007'", '[7]', 1],
  ["'007'", '["007", 8]', 0],
  ["'new'", '[new, 3]', 0],
  ['0.12345678901234567890::numeric(38, 20)', '[0.1234567890123456789]', 0],
  ['0.12345678901234567891::numeric(38, 20)', '[0.1234567890123456789]', 1],
  ['true', '[true]', 0],
])('of a column, %s is held against the accepted values %s', async (value, values, code) => {
  const world = await makeRedshiftWorld(numberSources, {
    'views/a/odd.sql': `select ${value} as v from a.source`,
    'views/a/odd.yaml': `interval: 1h\ntests: { accepted_values: { v: ${values} } }`,
  })
  const ran = await world.duro(['refresh'])
  expect([ran.code, ran.error?.message ?? '']).toEqual([
    code,
    expect.not.stringContaining('could not be run'),
  ])
})

test('the old versions become live again, and the new ones after them', async () => {
  const files = { ...numbers, 'duro.yaml': `${redshiftYaml}keep_previous: true\n` }
  const world = await makeRedshiftWorld(numberSources, files)
  await world.refresh()
  await world.sql('insert into a.source values (3)')
  await world.refresh('--force')
  const count = async (): Promise<unknown> => (await world.sql('select count(*) as n from a.doubled'))[0]
  expect(await count()).toEqual({ n: '3' })
  expect((await world.duro(['swap', '--back'])).code).toBe(0)
  expect(await count()).toEqual({ n: '2' })
  expect((await world.duro(['swap'])).code).toBe(0)
  expect(await count()).toEqual({ n: '3' })
  expect((await world.duro(['cleanup'])).code).toBe(0)
  expect(await leftBy(world)).toEqual([])
})

test('a plain view becomes a table, and a table a plain view', async () => {
  const world = await makeRedshiftWorld(numberSources, {
    'views/a/numbers.sql': 'select n from a.source',
    'views/a/numbers.yaml': 'materialized: none',
  })
  await world.refresh()
  await world.sql('insert into a.source values (3)')
  expect(await world.sql('select n from a.numbers')).toHaveLength(3)
  await world.project.update({ 'views/a/numbers.yaml': 'materialized: table' })
  await world.refresh()
  await world.sql('insert into a.source values (4)')
  expect(await world.sql('select n from a.numbers')).toHaveLength(3)
  await world.project.update({ 'views/a/numbers.yaml': 'materialized: none' })
  await world.refresh()
  expect(await world.sql('select n from a.numbers')).toHaveLength(4)
  expect(await leftBy(world)).toEqual([])
})

test('keys and backup are those of the settings', async () => {
  const world = await makeRedshiftWorld(numberSources, {
    'views/a/numbers.sql': 'select n, n % 2 as odd from a.source',
    'views/a/numbers.conf': 'distkey = odd\ndiststyle = key\nsortkey = n, odd\nbackup = false\n',
  })
  await world.refresh()
  const rows = await world.sql(
    `select attname as name, attisdistkey as dist, attsortkeyord as sort from pg_attribute
     where attrelid = 'a.numbers'::regclass and attnum > 0 order by attnum`,
  )
  expect(rows).toEqual([
    { name: 'n', dist: false, sort: 1 },
    { name: 'odd', dist: true, sort: 2 },
  ])
})

test('a table that duro did not make is not replaced unasked', async () => {
  const world = await makeRedshiftWorld(numberSources, numbers)
  await world.sql('create table a.doubled as select 7 as n')
  const { code, error } = await world.duro(['refresh'])
  expect(code).not.toBe(0)
  expect(error).toMatchObject({
    problems: [
      expect.objectContaining({ message: expect.stringContaining('a table that duro did not make') }),
    ],
  })
  await world.refresh('--replace-tables')
  expect(await world.sql('select n from a.doubled order by n')).toEqual([{ n: 2 }, { n: 4 }])
})

test('one that comes after the preflight is not replaced either', async () => {
  const world = await makeRedshiftWorld(numberSources, numbers)
  await world.refresh('--no-swap')
  await world.sql('create table a.doubled as select 7 as n')
  const { error } = await world.duro(['swap'])
  expect(error?.message).toBe('a table that duro did not make stands under the name a.doubled by now')
  expect(await world.sql('select n from a.doubled')).toEqual([{ n: 7 }])
  await world.refresh('--replace-tables', '--no-swap')
  expect((await world.duro(['swap'])).error).toBeNull()
  expect(await world.sql('select n from a.doubled order by n')).toEqual([{ n: 2 }, { n: 4 }])
})

test('from a shell: plan, refresh, validate, history, graph and cleanup', async () => {
  const world = await makeRedshiftWorld(numberSources, numbers)
  const run = (...args: string[]) =>
    runDuro([...args], { cwd: world.project.root, env: { DATABASE_URL: world.url } })
  for (const command of ['plan', 'refresh', 'validate', 'history', 'graph', 'cleanup']) {
    const { code, stdout, stderr } = await run(command)
    expect({ command, code, stderr: code === 0 ? '' : stdout + stderr }).toEqual({
      command,
      code: 0,
      stderr: '',
    })
  }
  expect(await world.sql('select n from a.doubled order by n')).toEqual([{ n: 2 }, { n: 4 }])
})
