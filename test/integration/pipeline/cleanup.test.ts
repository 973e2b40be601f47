import { expect, test } from 'vitest'

import { relationIds } from '../../support/catalog.ts'
import { usingClient } from '../../support/client.ts'
import { warnings } from '../../support/duro.ts'
import { makeWorld } from '../../support/world.ts'

test.each([
  ['its comment', "comment on materialized view first__duro_old.a is 'mine now'", 'first__duro_old.a'],
  ['its name', 'alter materialized view first__duro_old.a rename to mine', 'first__duro_old.mine'],
  ['its place', 'alter materialized view first__duro_old.a set schema public', 'public.a'],
])('an old version of which somebody changed %s is kept, also by cleanup', async (_, statement, name) => {
  const world = await makeWorld('create table source as select 1 as n', {
    'duro.yaml': 'default_interval: 1h\nkeep_previous: true\n',
    'views/first/a.sql': 'select n from source',
  })
  await world.refresh()
  await world.refresh('--force')
  await world.sql(statement)
  const { [name]: kept } = await relationIds(world.url)
  expect(kept).toBeDefined()

  await world.duro(['cleanup'])
  await world.refresh('--force')
  expect((await relationIds(world.url))[name]).toBe(kept)
})

test('an old version that somebody reads is kept, and cleanup does not say that nothing is left', async () => {
  const world = await makeWorld('create table source as select 1 as n', {
    'duro.yaml': 'default_interval: 1h\nkeep_previous: true\n',
    'views/first/a.sql': 'select n from source',
  })
  await world.refresh()
  await world.refresh('--force')
  const { stdout } = await usingClient(world.url, async (reader) => {
    await reader.query('begin; select * from first__duro_old.a')
    return world.duro(['cleanup'])
  })
  expect(stdout).toBe('Nothing else is left over.\n')
  expect((await world.duro(['cleanup'])).stdout).toBe('Dropped first__duro_old.a\n')
  expect((await world.duro(['cleanup'])).stdout).toBe('Nothing is left over.\n')
})

test('a removed view that somebody reads is left alone, and nobody waits for that', async () => {
  const world = await makeWorld('create table source as select 1 as n', {
    'views/first/a.sql': 'select n from source',
    'views/first/b.sql': 'select n from source',
  })
  await world.refresh()
  await world.project.update({ 'views/first/a.sql': null })
  const ran = await usingClient(world.url, async (reader) => {
    await reader.query('begin; select * from first.a')
    return world.duro(['cleanup', '--removed'])
  })
  expect(ran.error).toBeNull()
  expect(ran.stdout).toBe('Nothing else is left over.\n')
  expect(warnings(ran)).toEqual([
    'could not be dropped yet: it is still being read. Run `duro cleanup --removed` again.',
  ])
  expect(await relationIds(world.url)).toHaveProperty('first.a')
  expect((await world.duro(['cleanup', '--removed'])).error).toBeNull()
  expect(await relationIds(world.url)).not.toHaveProperty('first.a')
})
