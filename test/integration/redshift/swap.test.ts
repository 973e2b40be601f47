import { expect, test } from 'vitest'

import { usingClient } from '../../support/client.ts'
import { warnings } from '../../support/duro.ts'
import { makeRedshiftWorld, redshiftYaml } from '../../support/redshift/redshift-world.ts'
import { idOf, leftBy, relationsOf } from '../../support/redshift/relations.ts'

const sources = ['create schema a', 'create table a.source (n int)', 'insert into a.source values (1), (2)']
const files = { 'views/a/numbers.sql': 'select n from a.source' }
const keeping = { ...files, 'duro.yaml': `${redshiftYaml}keep_previous: true\n` }

test('who is in the way is named, and the new version waits for the next swap', async () => {
  const world = await makeRedshiftWorld(sources, {
    ...files,
    'duro.yaml': `${redshiftYaml}swap: { give_up_after: 0s }\n`,
  })
  await world.refresh()
  const before = await idOf(world, 'a', 'numbers')
  await usingClient(world.url, async (reader) => {
    await reader.query('begin')
    await reader.query('select n from a.numbers')
    const { code, error } = await world.duro(['refresh', '--force'])
    expect([code, error?.message]).toEqual([1, expect.stringMatching(/given up[^]*server process \d+/)])
    expect(await idOf(world, 'a', 'numbers')).toBe(before)
    await reader.query('rollback')
  })
  expect((await world.duro(['swap'])).code).toBe(0)
  expect(await idOf(world, 'a', 'numbers')).not.toBe(before)
  expect(await leftBy(world)).toEqual([])
})

test('an old version that cannot be dropped holds up nothing', async () => {
  const world = await makeRedshiftWorld(sources, keeping)
  await world.refresh()
  await world.refresh('--force')
  await world.sql('create view a.on_old as select n from a.numbers__duro_old')
  for (let time = 0; time < 2; time++) {
    const ran = await world.refresh('--force')
    expect(warnings(ran)).toContainEqual(
      expect.stringContaining('a.numbers__duro_old could not be dropped yet: something was built on it'),
    )
  }
  expect(await leftBy(world)).toEqual(['a.numbers__duro_old', 'a.numbers__duro_old2'])
  await world.sql('drop view a.on_old')
  expect((await world.duro(['cleanup'])).code).toBe(0)
  expect(await leftBy(world)).toEqual([])
})

test('the way back takes away what was not there before', async () => {
  const world = await makeRedshiftWorld(sources, keeping)
  await world.refresh()
  await world.project.update({ 'views/a/more.sql': 'select n from a.numbers' })
  await world.sql('insert into a.source values (3)')
  await world.refresh('--force')
  expect(await relationsOf(world)).toContain('a.more')
  expect((await world.duro(['swap', '--back'])).code).toBe(0)
  expect(await relationsOf(world)).not.toContain('a.more')
  expect(await world.sql('select n from a.numbers')).toHaveLength(2)
})

test('a view that has left the folder is dropped when that is asked for', async () => {
  const world = await makeRedshiftWorld(sources, { ...files, 'views/a/more.sql': 'select n from a.numbers' })
  await world.refresh()
  await world.project.update({ 'views/a/more.sql': null })
  expect((await world.duro(['cleanup'])).code).toBe(0)
  expect(await relationsOf(world)).toContain('a.more')
  expect((await world.duro(['cleanup', '--removed'])).code).toBe(0)
  expect(await relationsOf(world)).toEqual(['a.numbers', 'a.source'])
})

test('a view with the longest name has versions of its own', async () => {
  const name = 'n'.repeat(127)
  const world = await makeRedshiftWorld(sources, {
    [`views/a/${name}.sql`]: 'select n from a.source',
    'views/a/reader.sql': `select n from a.${name}`,
  })
  await world.refresh()
  await world.refresh('--force')
  expect(await world.sql('select n from a.reader')).toHaveLength(2)
  expect(await relationsOf(world)).toEqual([`a.${name}`, 'a.reader', 'a.source'])
})

test('a definition that is too long for the tables of duro is known again, up to its end', async () => {
  const long = `select n from a.source where ${'n is not null and '.repeat(5000)}n < 100`
  expect(long.length).toBeGreaterThan(65_535)
  const world = await makeRedshiftWorld(sources, { 'views/a/long.sql': long })
  await world.refresh()
  const again = await world.refresh()
  expect(again.events.at(-1)).toMatchObject({ outcome: 'nothing-to-do' })
  const [row] = await world.sql<{ definition_sql: string }>('select definition_sql from duro.views')
  expect(row?.definition_sql).toContain('-- cut: ')
  await world.project.update({ 'views/a/long.sql': `${long} and n > 0` })
  const changed = await world.refresh()
  expect(changed.events.at(-1)).toMatchObject({ outcome: 'published' })
})
