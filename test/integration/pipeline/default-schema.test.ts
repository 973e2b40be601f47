import { expect, test } from 'vitest'

import { makeWorld, type World } from '../../support/world.ts'

const sources = `create schema x; create table x.t as select 'x' as n;
  create schema y; create table y.t as select 'y' as n;
  create function x.f() returns text language sql as $$ select 'x' $$;
  create function y.f() returns text language sql as $$ select 'y' $$`
const path = (schemas: string) => ({ 'duro.yaml': `default_interval: 1d\ndefault_schema: [${schemas}]` })
const files = {
  ...path('x'),
  'views/first/stored.sql': 'select n, f() as f from t',
  'views/first/plain.sql': 'select n, f() as f from t',
  'views/first/plain.yaml': 'materialized: none',
  'views/first/table.sql': 'select f() as n, n as f from y.t',
  'views/first/table.yaml': 'materialized: table',
}

const read = async (world: World): Promise<unknown[]> =>
  (
    await world.sql('select s.n, p.n as p, f.n as f from first.stored s, first.plain p, first.table f')
  ).flatMap(Object.values)

test('views follow a default_schema that changes, and the plan says why', async () => {
  const world = await makeWorld(sources, files)
  await world.refresh()
  expect(await read(world)).toEqual(['x', 'x', 'x'])
  await world.project.update(path('y'))
  const planned = await world.duro(['plan'])
  expect(planned.stdout.match(/its settings changed \(default_schema\)/g)).toHaveLength(3)
  await world.refresh()
  expect(await read(world)).toEqual(['y', 'y', 'y'])
  expect((await world.duro(['plan', '--check'])).code).toBe(0)
})

test('a table follows a name that has become that of a view', async () => {
  const world = await makeWorld(sources, {
    ...path('first, x'),
    'views/first/reads.sql': 'select n from t',
    'views/first/reads.yaml': 'materialized: table',
  })
  await world.refresh()
  expect(await world.sql('select n from first.reads')).toEqual([{ n: 'x' }])
  await world.project.update({ 'views/first/t.sql': "select 'first' as n" })
  expect((await world.duro(['plan'])).stdout).toContain('its settings changed (unqualified names)')
  await world.refresh()
  expect(await world.sql('select n from first.reads')).toEqual([{ n: 'first' }])
})

test('views that were published before names were written down stay fresh', async () => {
  const world = await makeWorld(sources, files)
  await world.refresh()
  await world.sql(
    `update duro.views set definition_settings = regexp_replace(definition_settings, 'default_schema: [^\n]*\n', '')`,
  )
  expect(
    await world.sql("select 1 from duro.views where definition_settings like '%default_schema%'"),
  ).toEqual([])
  await world.project.update(path('y'))
  expect((await world.duro(['plan', '--check'])).code).toBe(0)
})
