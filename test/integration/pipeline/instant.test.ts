import { describe, expect, test } from 'vitest'

import { leftovers } from '../../support/catalog.ts'
import { usingClient } from '../../support/database.ts'
import { warnings } from '../../support/duro.ts'
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

describe('a source that is replaced between two builds has all views built again, when somebody', () => {
  const partitioned = `create table source (k integer, n integer) partition by list (k);
    create table part_1 partition of source for values in (1);
    create table part_2 partition of source for values in (2);
    insert into source values (1, 1), (2, 2)`

  test.each([
    {
      how: 'renames a new table into its place',
      before: 'create table source as select 1 as n',
      replace: `begin; create table next as select 2 as n from generate_series(1, 3); alter table source rename to former;
        alter table next rename to source; commit`,
      rows: '3',
    },
    {
      how: 'detaches a partition',
      before: partitioned,
      replace: 'alter table source detach partition part_2',
      rows: '1',
    },
    {
      how: 'attaches a partition',
      before: `${partitioned}; create table part_3 as select 3 as k, n from generate_series(1, 5) n`,
      replace: 'alter table source attach partition part_3 for values in (3)',
      rows: '7',
    },
    {
      how: 'redefines a view that it is',
      before: 'create view source as select 1 as n',
      replace: 'create or replace view source as select n from generate_series(1, 4) n',
      rows: '4',
    },
    {
      how: 'truncates and loads it',
      before: 'create table source as select 1 as n',
      replace: 'begin; truncate source; insert into source values (1), (2); commit',
      rows: '2',
    },
  ])('$how', async ({ before, replace, rows }) => {
    const world = await makeWorld(before, {
      'duro.yaml': 'default_interval: 1h\nconcurrency: 1\n',
      'views/first/a.sql': 'select count(*) as rows from source',
      'views/first/b.sql': 'select count(*) as rows from source, (select pg_sleep(0.5)) as a_while',
      'views/first/c.sql': 'select count(*) as rows from source',
      'views/first/c.yaml': 'materialized: table',
      'views/first/d.sql': 'select rows as before, (select count(*) from source) as rows from first.b',
    })
    let replaced: Promise<unknown> | null = null
    const ran = await world.duro(['refresh'], {
      onEvent: (event) => {
        if (event.type === 'view-finished' && event.stage === 'build') replaced ??= world.sql(replace)
      },
    })
    await replaced
    expect(ran.error).toBeNull()
    expect(warnings(ran)).toContainEqual(expect.stringMatching(/all of them are built again/))
    const [read] = await world.sql(
      'select a.rows as a, b.rows as b, c.rows as c, d.rows as d from first.a, first.b, first.c, first.d',
    )
    expect(read).toEqual({ a: rows, b: rows, c: rows, d: rows })
    expect(await leftovers(world.url)).toEqual([])
  })
})
