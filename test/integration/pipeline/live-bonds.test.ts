import { expect, test } from 'vitest'

import { disagreements, leftovers, relationIds } from '../../support/catalog.ts'
import { type Ran, warnings } from '../../support/duro.ts'
import { makeWorld } from '../../support/world.ts'

const files = {
  'views/s/a.sql': 'select n from source',
  'views/s/b.sql': 'select n from s.a',
  'views/s/c.sql': 'select n from s.b',
}
const published = ({ events }: Ran): string[] =>
  events.flatMap((event) => (event.type === 'run-finished' ? event.published : [])).toSorted()

const source = 'create table source as select 1 as n'

test.each(['view', 'none', 'table'])(
  'a view whose new SQL reads another no more goes along with it, being a %s',
  async (materialized) => {
    const world = await makeWorld(source, files)
    await world.refresh()
    await world.project.update({
      'views/s/b.sql': 'select n + 1 as n from source',
      'views/s/b.yaml': `materialized: ${materialized}`,
    })
    const planned = await world.duro(['plan', 's.a'])
    expect(planned.stdout).toContain('what is live reads s.a, which is rebuilt')
    const ran = await world.refresh('s.a')
    expect(published(ran)).toEqual(['s.a', 's.b', 's.c'])
    expect(await world.sql('select n from s.c')).toEqual([{ n: 2 }])
    expect(await leftovers(world.url)).toEqual([])

    // From then on nothing binds it.
    const again = await world.refresh('s.a')
    expect(published(again)).toEqual(['s.a'])
  },
)

test('with --keep-going what such a view hangs on stays as it is when the view fails', async () => {
  const world = await makeWorld(source, { ...files, 'views/s/other.sql': 'select n from source' })
  await world.refresh()
  const before = await relationIds(world.url)
  await world.project.update({ 'views/s/b.sql': 'select n / 0 as n from source' })
  const ran = await world.duro(['refresh', '--force', '--keep-going'])
  expect(ran.code).toBe(1)
  expect(published(ran)).toEqual(['s.other'])
  expect(await relationIds(world.url)).toMatchObject({ 's.a': before['s.a'], 's.b': before['s.b'] })
  expect(await disagreements(world.url)).toEqual([])
})

test('with --keep-going a view is published that a failed one only reads from now on', async () => {
  const world = await makeWorld(source, {
    'views/s/a.sql': 'select n from source',
    'views/s/b.sql': 'select n from source',
  })
  await world.refresh()
  await world.project.update({ 'views/s/b.sql': 'select n / 0 as n from s.a' })
  const ran = await world.duro(['refresh', '--force', '--keep-going'])
  expect(published(ran)).toEqual(['s.a'])
  expect(await disagreements(world.url)).toEqual([])
})

test('what hangs on an excluded view in the database only is named', async () => {
  const world = await makeWorld(source, files)
  await world.refresh()
  await world.project.update({ 'views/s/b.sql': 'select n from source' })
  const { code, error } = await world.duro(['refresh', 's.a', '--exclude', 's.b'])
  expect(code).toBe(2)
  expect(error?.message).toContain('s.b is bound to s.a')
})

test('a table that has rows of a view as values goes along when the SQL of the view changed', async () => {
  const world = await makeWorld(source, {
    'views/s/a.sql': 'select n from source',
    'views/s/whole — 7d.sql': 'select a as whole, array[a] as all_of_it from s.a a',
    'views/s/whole.yaml': 'materialized: table',
  })
  await world.refresh()
  const before = await relationIds(world.url)
  await world.refresh('s.a')
  expect(await relationIds(world.url)).toMatchObject({ 's.whole': before['s.whole'] })
  await world.project.update({ 'views/s/a.sql': 'select n, 2 as more from source' })
  const ran = await world.refresh('s.a')
  expect(published(ran)).toEqual(['s.a', 's.whole'])
  expect(await world.sql('select (whole).more, (all_of_it[1]).n from s.whole')).toEqual([{ more: 2, n: 1 }])
})

test('a column that holds rows of another view is not said to change with every new version', async () => {
  const world = await makeWorld(source, {
    'views/s/a.sql': 'select n from source',
    'views/s/tag.sql': 'select n from source',
    'views/s/whole.sql': 'select a as whole, array[a] as all_of_it, tag from s.a a, s.tag tag',
  })
  await world.refresh()
  await world.project.update({
    'views/s/whole.sql': 'select a as whole, array[a] as all_of_it, tag from s.a a, s.tag tag where true',
  })
  expect(warnings(await world.refresh('--force'))).toEqual([])
  await world.project.update({
    'views/s/whole.sql': 'select tag as whole, array[a] as all_of_it, 1 as tag from s.a a, s.tag tag',
  })
  expect(warnings(await world.refresh('--force')).join()).toContain('column whole becomes s.tag, and was s.a')
})

test('a view in the middle may be renamed while what it reads is stale', async () => {
  const world = await makeWorld(source, { ...files, 'views/s/d.sql': 'select n from s.c' })
  await world.refresh()
  await world.project.update({
    'views/s/b.sql': null,
    'views/s/b2.sql': 'select n from s.a',
    'views/s/c.sql': null,
    'views/s/c2.sql': 'select n from s.b2',
    'views/s/d.sql': 'select n from s.c2',
  })
  const early = await world.duro(['cleanup', '--removed'])
  expect(early.error?.message).toBe('2 views failed: s.c, s.b')
  expect(early.events.flatMap((event) => (event.type === 'view-failed' ? [event.error] : []))).toContainEqual(
    expect.objectContaining({
      message: expect.stringContaining('s.c could not be dropped') as unknown,
      hint: 'Drop it first. A view of the folder whose SQL reads something else by now: run duro refresh first.',
    }),
  )
  await world.sql('update source set n = 2')
  expect((await world.duro(['plan', '--force'])).error).toBeNull()
  const ran = await world.refresh('--force')
  expect(warnings(ran)).toContainEqual(
    expect.stringContaining('s.b, whose file is gone, stays on the old version of s.a'),
  )
  expect(await world.sql('select b.n, d.n as new from s.b, s.d')).toEqual([{ n: 1, new: 2 }])
  await world.refresh('--force')
  expect((await world.duro(['cleanup', '--removed'])).error).toBeNull()
  expect(Object.keys(await relationIds(world.url))).toEqual(['public.source', 's.a', 's.b2', 's.c2', 's.d'])
  expect(await leftovers(world.url)).toEqual([])
  expect(await disagreements(world.url)).toEqual([])
})
