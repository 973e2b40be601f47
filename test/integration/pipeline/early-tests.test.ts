import { describe, expect, test } from 'vitest'

import { leftovers } from '../../support/catalog.ts'
import { testFailures } from '../../support/duro.ts'
import { makeWorld } from '../../support/world.ts'

/** Whether some session is doing this to a new version, as a test can see it. */
const isDoing = (what: string): string =>
  `select exists (select from pg_stat_activity where state = 'active' and query ~ '${what}') as doing from first.a`

describe('data tests', () => {
  test('run while other views are still built', async () => {
    const world = await makeWorld('create table source as select 1 as n', {
      'duro.yaml': 'default_interval: 1h\nconcurrency: 2',
      'views/first/a.sql': 'select n from source',
      'views/first/a_test.sql': isDoing('^refresh materialized view \\S+slow'),
      'views/first/slow.sql': 'select n, pg_sleep(3)::text as slept from source',
    })
    const ran = await world.refresh()
    expect(testFailures(ran)).toEqual([])
    expect(ran.code).toBe(0)
  })

  test('run while what nobody waits for is done to a view', async () => {
    const world = await makeWorld('create table source as select generate_series(1, 300000) as n', {
      'views/first/a.sql': "select n, md5(n::text) as b, md5('b' || n) as c, md5('c' || n) as d from source",
      'views/first/a_test.sql': `${isDoing('^vacuum')} limit 1`,
    })
    expect(testFailures(await world.refresh())).toEqual([])
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
    const world = await makeWorld('create table source as select 1 as n', {
      'views/first/a.sql': 'select n from source',
      'views/first/a_test.sql': "select pg_sleep(600)::text = '' as slept from first.a",
      'views/first/b.sql': 'select n / length(pg_sleep(1)::text) as n from source',
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
})
