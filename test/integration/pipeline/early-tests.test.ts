import { describe, expect, test } from 'vitest'

import { leftovers } from '../../support/catalog.ts'
import { testFailures } from '../../support/duro.ts'
import { makeWorld } from '../../support/world.ts'

describe('data tests', () => {
  test('run while other views are still built', async () => {
    const world = await makeWorld('create table source as select 1 as n', {
      'duro.yaml': 'default_interval: 1h\nconcurrency: 2',
      'views/first/a.sql': 'select n from source',
      'views/first/a_test.sql': `select exists (
        select from pg_stat_activity where state = 'active' and query ~ '^refresh materialized view \\S+slow'
      ) as is_built from first.a`,
      'views/first/slow.sql': 'select n, pg_sleep(3)::text as slept from source',
    })
    const ran = await world.refresh()
    expect(testFailures(ran)).toEqual([])
    expect(ran.code).toBe(0)
  })

  test('wait for what they read', async () => {
    const world = await makeWorld('create table source as select 1 as n', {
      'views/first/a.sql': 'select n from source',
      'views/first/a_test.sql': 'select bool_and(n = (select n from first.slow)) as same from first.a',
      'views/first/a.yaml': 'tests: { relationships: { n: { to: first.slow, field: n } } }',
      'views/first/slow.sql': 'select n, pg_sleep(1)::text as slept from source',
    })
    await world.refresh()
    await world.sql('update source set n = 2')
    expect(testFailures(await world.refresh('--force'))).toEqual([])
    expect(await world.sql('select n from first.slow')).toEqual([{ n: 2 }])
  })

  test('read what stays live where a view failed, with --keep-going', async () => {
    const world = await makeWorld('create table source as select 1 as n', {
      'views/first/a.sql': 'select n from source',
      'views/first/a_test.sql': 'select (select n from first.b) = 1 as still from first.a',
      'views/first/b.sql': 'select 1 / (2 - n) as n from source',
      'views/first/c.sql': 'select n from source',
      'views/first/c_test.sql': 'select bool_and(n = (select n from first.a)) as same from first.c',
    })
    await world.refresh()
    await world.sql('update source set n = 2')
    const ran = await world.duro(['refresh', '--force', '--keep-going'])
    expect(testFailures(ran)).toEqual([])
    expect(ran.code).toBe(1)
    expect(await world.sql('select a.n as a, b.n as b, c.n as c from first.a, first.b, first.c')).toEqual([
      { a: 2, b: 1, c: 2 },
    ])
  })

  test('that still run when a build fails are cancelled, and nothing is left', async () => {
    // It fails when a test is under way, and only then.
    const fails = `select case when length(pg_sleep(1)::text) = 0 then (
        select n / (n - count(*)) from pg_stat_activity where application_name = 'duro read' and state = 'active'
      ) end as n from first.a`
    const world = await makeWorld('create table source as select 1 as n', {
      'views/first/a.sql': 'select n from source',
      'views/first/a_test.sql': "select pg_sleep(600)::text = '' as slept from first.a",
      'views/first/b.sql': fails,
    })
    const ran = await world.duro(['refresh'])
    expect(ran.code).toBe(1)
    expect(ran.error?.message).toContain('division by zero')
    expect(await leftovers(world.url)).toEqual([])
  })

  test('that have seen enough are ended, and what comes after them is not', async () => {
    const world = await makeWorld('create table source as select 1 as n', {
      'views/first/a.sql': 'select n from source',
      'views/first/a_test.sql': Array.from(
        { length: 20 },
        (_, index) =>
          `select n < 0 as small from generate_series(1, ${10 ** (index % 7)}) as n;\nselect true as fine;`,
      ).join('\n'),
    })
    const failures = testFailures(await world.duro(['refresh'])).map(({ failure }) => failure)
    expect(failures.map(({ message }) => message)).toEqual(Array.from({ length: 20 }, () => 'small is false'))
  })

  test('begin anew when all is built again', async () => {
    const world = await makeWorld('create table source as select 1 as n', {
      'views/first/a.sql': 'select n from source',
      'views/first/late.sql': 'select s.n from first.slow join source s using (n)',
      'views/first/a_test.sql': "select bool_and(n = 2) as is_new, pg_sleep(5)::text = '' from first.a",
      'views/first/slow.sql': 'select n, pg_sleep(1)::text as slept from source',
    })
    const ran = world.duro(['refresh'])
    const isTested =
      "select pid from pg_stat_activity where application_name = 'duro read' and state = 'active' and query ~ 'is_new'"
    await expect.poll(() => world.sql(isTested), { timeout: 60_000 }).toHaveLength(1)
    await world.sql('truncate source; insert into source values (2)')
    expect(testFailures(await ran)).toEqual([])
    expect(await world.sql('select n from first.a')).toEqual([{ n: 2 }])
  })

  test('are no older transactions that the rows of a table would have to wait for', async () => {
    const world = await makeWorld('create table source as select 1 as n', {
      'duro.yaml': 'default_interval: 1h\nfill_tables: insert\nswap: { give_up_after: 1s }',
      'views/first/a.sql': 'select n from source',
      'views/first/a.yaml': 'materialized: table',
      'views/first/a_test.sql': "select pg_sleep(3)::text = '' as slept from first.a",
    })
    const ran = await world.duro(['refresh'])
    expect(testFailures(ran)).toEqual([])
    expect(ran.code).toBe(0)
  })
})
