import { describe, expect, test } from 'vitest'

import { disagreements, leftovers } from '../../support/catalog.ts'
import { usingClient } from '../../support/database.ts'
import { makeWorld } from '../../support/world.ts'

const sources = 'create table source as select generate_series(1, 3) as n'
const files = {
  'duro.yaml': 'default_interval: 1h\nfill_tables: insert\nswap: { give_up_after: 1s }',
  'views/first/base.sql': 'select n from source',
  'views/first/sums.sql': 'select sum(n)::int as total from first.base',
  'views/first/sums.yaml': 'materialized: table',
}

describe('fill_tables: insert', () => {
  test('fills tables on the server, and copies those that other views of the run read', async () => {
    const world = await makeWorld(sources, {
      ...files,
      'views/first/base.yaml': 'materialized: table',
    })
    const plan = await world.duro(['plan', '--sql'])
    expect(plan.stdout).toMatch(/copy first__duro_new\.base from stdin/)
    expect(plan.stdout).toMatch(/insert into first__duro_new\.sums\nselect/)
    for (const total of [6, 106]) {
      await world.refresh('--force')
      expect(await world.sql('select total from first.sums')).toEqual([{ total }])
      await world.sql('insert into source values (100)')
    }
    expect(await disagreements(world.url)).toEqual([])
  })

  test('publishes nothing while an older transaction would find the table empty', async () => {
    const world = await makeWorld(sources, files)
    await world.refresh()
    await usingClient(world.url, async (reader) => {
      await reader.query('begin isolation level repeatable read; select 1')
      await world.sql('insert into source values (100)')
      const { code, error } = await world.duro(['refresh', '--force'])
      expect(code).toBe(1)
      expect(error?.message).toMatch(/older than the new tables, .* did not end in time: pid \d+$/)
      expect((await reader.query('select total from first.sums')).rows).toEqual([{ total: 6 }])
      expect(await leftovers(world.url)).toEqual([])
      await reader.query('commit')
    })
    expect((await world.refresh('--force')).code).toBe(0)
    expect(await world.sql('select total from first.sums')).toEqual([{ total: 106 }])
  })
})

describe('a select that draws from a sequence, or logs', () => {
  const numbered = {
    'views/first/base.sql': "select nextval('numbers')::int as id, n from source where logged(n)",
    'views/first/base.yaml': 'materialized: table',
    'views/first/reader.sql': 'select max(id) as most from first.base',
  }
  const counter = `create sequence numbers; create table log (n int);
    create function logged(int) returns boolean language sql as
      'insert into public.log values ($1) returning true'`

  test.each([
    ['table', 'copy'],
    ['table', 'insert'],
    ['view', 'copy'],
  ])('fills a %s (%s) as it would on the server', async (kind, fill) => {
    const world = await makeWorld(`${sources}; ${counter}`, {
      ...numbered,
      'duro.yaml': `default_interval: 1h\nfill_tables: ${fill}`,
      'views/first/base.yaml': `materialized: ${kind}`,
    })
    expect((await world.duro(['plan'])).code).toBe(0)
    await world.refresh()
    expect(await world.sql('select id, n from first.base order by n')).toEqual(
      [1, 2, 3].map((n) => ({ id: n, n })),
    )
    await world.refresh('--force')
    expect(await world.sql('select most from first.reader')).toEqual([{ most: 6 }])
    expect(await world.sql('select count(*)::int as n from log')).toEqual([{ n: 6 }])
    expect(await leftovers(world.url)).toEqual([])
  })

  test('is what a processor may read, too', async () => {
    const world = await makeWorld(`${sources}; ${counter}`, {
      'views/first/base_select.sql': numbered['views/first/base.sql'],
      'views/first/base.sql': 'create table first.base (id int, n int)',
      'views/first/base.yaml': 'processor: [cp]',
    })
    await world.refresh()
    expect(await world.sql('select max(id) as most from first.base')).toEqual([{ most: 3 }])
  })
})
