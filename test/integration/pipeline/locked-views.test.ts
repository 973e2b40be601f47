import { expect, test } from 'vitest'

import { leftovers } from '../../support/catalog.ts'
import { usingClient } from '../../support/client.ts'
import { makeWorld } from '../../support/world.ts'

test('whoever has locked a live view holds up that view alone, and the run still ends in time', async () => {
  const world = await makeWorld('create table source as select 1 as n', {
    'views/first/a.sql': 'select n from source',
    'views/first/a.yaml': 'indexes: [n]',
    'views/first/b.sql': 'select n from source',
  })
  await world.refresh()
  await usingClient(world.url, async (locker) => {
    const built: unknown[] = []
    let locked: Promise<unknown> = Promise.resolve()
    const ran = await world.duro(['refresh', '--force', '--timeout', '5s'], {
      onEvent: (event) => {
        if (event.type === 'stage-started' && event.stage === 'build')
          locked = locker.query('begin; refresh materialized view first.a')
        if (event.type === 'view-finished') built.push(event.view)
      },
    })
    await locked
    expect(built).toEqual(['first.b'])
    expect(ran.error).toMatchObject({ code: 'timeout' })
    await locker.query('rollback')
  })
  expect(await leftovers(world.url)).toEqual([])
})

test('an index that cannot be built ends those that are built beside it', async () => {
  const world = await makeWorld('create table source as select generate_series(1, 5) as n', {
    'views/first/a.sql': 'select n, 1 as one from source',
    'views/first/a.yaml': 'indexes: ["first.slowly(n)", { columns: [one], unique: true }, n]',
  })
  await world.sql(`create schema if not exists first; create function first.slowly(n int) returns int immutable
    language plpgsql as 'begin perform pg_sleep(60); return n; end'`)
  const ran = await world.duro(['refresh'])
  expect(ran.error).toMatchObject({
    code: 'build',
    message: expect.stringMatching(/^index a_one_idx of first.a could not be built: .*unique/),
  })
  expect(await leftovers(world.url)).toEqual([])
})

test.each(['with', 'without'])(
  'whoever reads a new table holds up no constraint of it, %s readers in the run',
  async (read) => {
    const world = await makeWorld('create table source as select generate_series(1, 5) as n', {
      'views/first/a.sql': 'select n from source',
      'views/first/a.yaml': 'materialized: table\nindexes: ["first.slowly(n)"]\ntimeout: 20s',
      ...(read === 'with' ? { 'views/first/b.sql': 'select n from first.a' } : {}),
    })
    await world.sql(`create schema if not exists first; create function first.slowly(n int) returns int immutable
    language plpgsql as 'begin perform pg_sleep(0.2); return n; end'`)
    await world.refresh()
    await world.sql('alter table first.a add primary key (n), add check (n > 0)')
    await usingClient(world.url, async (dump) => {
      const building = new AbortController()
      const hold = async (): Promise<void> => {
        // As soon as it can be seen.
        const asked = "select to_regclass('first__duro_new.a') is not null as seen"
        while (!building.signal.aborted && !(await dump.query<{ seen: boolean }>(asked)).rows[0]?.seen);
        await dump.query('begin; lock table first__duro_new.a in access share mode')
      }
      let held: Promise<void> = Promise.resolve()
      const ran = await world.duro(['refresh', '--force'], {
        onEvent: (event) => {
          if (event.type === 'stage-started' && event.stage === 'build') held = hold()
          if (event.type !== 'stage-finished' || event.stage !== 'build') return
          building.abort()
          held = held.then(() => dump.query('commit')).then(() => undefined)
        },
      })
      await held
      expect(ran.error).toBeNull()
    })
  },
)
