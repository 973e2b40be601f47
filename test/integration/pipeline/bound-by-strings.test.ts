import { expect, test } from 'vitest'

import { leftovers } from '../../support/catalog.ts'
import { makeWorld } from '../../support/world.ts'

const a = { 'views/s/a.sql': 'select n from source' }

test.each([
  ['array', "select array['s.a']::regclass[] as names"],
  ['text of an array', "select '{s.a}'::regclass[] as names"],
])('the name of a view in the %s follows the new version', async (_, sql) => {
  const world = await makeWorld('create table source as select 1 as n', { ...a, 'views/s/b.sql': sql })
  await world.refresh()
  await world.refresh('--force')
  expect(await world.sql("select names[1]::oid = 's.a'::regclass as same from s.b")).toEqual([{ same: true }])
  expect(await leftovers(world.url)).toEqual([])
})

test.each([
  [
    'a string that a function takes for a relation',
    "select\n  pg_relation_size('s.a') as size",
    'view',
    2,
    20,
  ],
  ['the same in a plain view', "select\n  pg_relation_size('s.a') as size", 'none', 2, 20],
  ['the same in a table', "select\n  pg_relation_size('s.a') as size", 'table', 2, 20],
  ['the row type of an array', 'select null::s._a as rows', 'view', 1, 16],
  ['the same in a table', 'select null::s._a as rows', 'table', 1, 16],
])('%s is refused before anything is built', async (_, sql, materialized, line, column) => {
  const hint = line === 1 ? 's.a[]' : "'s.a'::regclass"
  const world = await makeWorld('create table source as select 1 as n', a)
  await world.refresh()
  await world.project.update({
    'views/s/b.sql': sql,
    'views/s/b.yaml': `materialized: ${materialized}`,
  })
  const refused = await world.duro(['refresh', '--force'])
  expect(refused.code).toBe(1)
  expect(refused.error?.message).toContain(
    's.b could not be built: it names s.a in a way that duro does not see',
  )
  expect(refused.error).toMatchObject({
    hint: expect.stringContaining(hint),
    location: { file: 'views/s/b.sql', line, column },
  })
  expect(refused.events).not.toContainEqual(
    expect.objectContaining({ type: 'stage-started', stage: 'build' }),
  )
  expect(await leftovers(world.url)).toEqual([])

  const kept = await world.duro(['refresh', '--force', '--keep-going'])
  expect(kept.events.at(-1)).toMatchObject({ published: ['s.a'] })
  expect(await leftovers(world.url)).toEqual([])
})

test('a table is refused, too, beside a select that no view could hold', async () => {
  const world = await makeWorld('create table source as select 1 as n', a)
  await world.refresh()
  await world.project.update({
    'views/s/odd.sql': 'create table s.odd (n int, m int)',
    'views/s/odd_select.sql': 'select 1 as n, 2 as n',
    'views/s/odd.yaml': 'processor: [cp]',
    'views/s/t.sql': "select pg_relation_size('s.a') as size",
    'views/s/t.yaml': 'materialized: table',
  })
  const refused = await world.duro(['refresh', '--force'])
  expect(refused.error?.message).toContain('s.t could not be built: it names s.a in a way')
  expect(await leftovers(world.url)).toEqual([])
})

test('such a view is refused when what it names is not refreshed with it', async () => {
  const world = await makeWorld('create table source as select 1 as n', a)
  await world.refresh()
  await world.project.update({ 'views/s/b.sql': "select pg_relation_size('s.a') as size" })
  const refused = await world.duro(['refresh', 's.b'])
  expect(refused.error?.message).toContain('s.b could not be built: it names s.a in a way')
  await world.project.update({ 'views/s/b.yaml': 'depends_on: [s.a]' })
  expect((await world.duro(['refresh', 's.b'])).error?.message).toBe(refused.error?.message)
  await world.project.update({ 'views/s/b.sql': "select pg_relation_size('s.a'::regclass) as size" })
  await world.refresh('s.a')
  expect(await leftovers(world.url)).toEqual([])
})
