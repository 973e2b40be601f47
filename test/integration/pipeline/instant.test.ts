import { describe, expect, test } from 'vitest'

import { usingClient } from '../../support/database.ts'
import { makeWorld } from '../../support/world.ts'

describe('one instant', () => {
  test('views that are built one after another read the same moment while a writer goes on', async () => {
    const world = await makeWorld('create table source as select 0 as n', {
      'duro.yaml': 'default_interval: 1h\nconcurrency: 1\n',
      'views/first/a.sql': 'select max(n) as n, count(*) as rows from source',
      'views/first/b.sql':
        'select max(n) as n, count(*) as rows from source, (select pg_sleep(0.05)) as a_while',
      'views/first/c.sql':
        'select max(n) as n, count(*) as rows from source, (select pg_sleep(0.05)) as a_while',
      'views/first/c.yaml': 'materialized: table',
      'views/first/d.sql':
        'select source.n, a.n as same from (select max(n) as n from source) source cross join first.a',
    })
    const writing = new AbortController()
    const writer = usingClient(world.url, async (client) => {
      let written = 0
      while (!writing.signal.aborted) await client.query('insert into source values ($1)', [(written += 1)])
      return written
    })
    try {
      await world.refresh()
      await world.refresh('--force')
    } finally {
      writing.abort()
    }
    expect(await writer).toBeGreaterThan(2)
    const [read] = await world.sql(
      'select a.n as a, b.n as b, c.n as c, d.n as d, d.same from first.a, first.b, first.c, first.d',
    )
    const moment = read?.['a'] as unknown
    expect(moment).toBeGreaterThan(0)
    expect(read).toEqual({ a: moment, b: moment, c: moment, d: moment, same: moment })
    expect(await world.sql('select a.rows = b.rows as same from first.a, first.b')).toEqual([{ same: true }])
  })
})

describe('a reader whose transaction began before the build', () => {
  test.each(['view', 'table'])('sees the rows of a new %s', async (kind) => {
    const world = await makeWorld('create table source as select generate_series(1, 100) as n', {
      'views/first/a.sql': 'select n from source',
      'views/first/a.yaml': `materialized: ${kind}`,
      'views/first/b.sql': 'select sum(n) as n from first.a',
    })
    await world.refresh()
    await world.sql('insert into source values (1000)')
    await usingClient(world.url, async (reader) => {
      await reader.query('begin isolation level repeatable read')
      await reader.query('select count(*) from source')
      await world.refresh('--force')
      const { rows } = await reader.query(
        'select count(*)::int as a, (select n from first.b)::int as b from first.a',
      )
      expect(rows).toEqual([{ a: 101, b: 6050 }])
      await reader.query('commit')
    })
  })
})
