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
