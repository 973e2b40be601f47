import { expect, test } from 'vitest'

import { relationIds } from '../../support/catalog.ts'
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
