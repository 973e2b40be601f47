import { describe, expect, test } from 'vitest'

import { makeRedshiftWorld } from '../../support/redshift/redshift-world.ts'
import { idOf } from '../../support/redshift/relations.ts'

const sources = ['create schema a', 'create table a.source (n int)', 'insert into a.source values (1), (2)']
const files = { 'views/a/numbers.sql': 'select n, n * 2 as twice from a.source' }

const make = async () => {
  const world = await makeRedshiftWorld(sources, files)
  await world.refresh()
  return world
}

test('a view of others reads the new version, and views on it do too', async () => {
  const world = await make()
  await world.sql(
    'create view a.bound as select n from a.numbers where n > 0',
    'create view a.above as select n from a.bound',
  )
  const before = [await idOf(world, 'a', 'bound'), await idOf(world, 'a', 'above')]
  await world.sql('insert into a.source values (3)')
  await world.refresh('--force')
  expect(await world.sql('select n from a.bound')).toHaveLength(3)
  expect(await world.sql('select n from a.above')).toHaveLength(3)
  expect([await idOf(world, 'a', 'bound'), await idOf(world, 'a', 'above')]).toEqual(before)
})

test('a late-binding view is left alone, and reads the new version', async () => {
  const world = await make()
  await world.sql('create view a.late as select n from a.numbers with no schema binding')
  await world.sql('insert into a.source values (3)')
  await world.refresh('--force')
  expect(await world.sql('select n from a.late')).toHaveLength(3)
})

test('a view of others is bound again when the swap is taken back', async () => {
  const world = await make()
  await world.project.update({ 'duro.yaml': 'engine: redshift\ndefault_interval: 1h\nkeep_previous: true\n' })
  await world.sql('create view a.bound as select n from a.numbers', 'insert into a.source values (3)')
  await world.refresh('--force')
  expect(await world.sql('select n from a.bound')).toHaveLength(3)
  expect((await world.duro(['swap', '--back'])).code).toBe(0)
  expect(await world.sql('select n from a.bound')).toHaveLength(2)
})

test('a materialized view of Redshift itself keeps a view from being replaced', async () => {
  const world = await make()
  await world.sql('create materialized view a.native as select n from a.numbers')
  const before = await idOf(world, 'a', 'numbers')
  const { code, error } = await world.duro(['refresh', '--force'])
  expect(code).not.toBe(0)
  expect(error).toMatchObject({
    problems: [
      {
        message: expect.stringContaining('a.native depends on a.numbers, and could never be refreshed again'),
        hint: expect.stringContaining('Put its select into a file'),
      },
    ],
  })
  expect(await idOf(world, 'a', 'numbers')).toBe(before)
})

describe('a view of others that the new columns would break', () => {
  test('is found before anything is built', async () => {
    const world = await make()
    await world.sql('create view a.bound as select twice from a.numbers')
    await world.project.update({ 'views/a/numbers.sql': 'select n from a.source' })
    const { error } = await world.duro(['refresh'])
    expect(error).toMatchObject({
      problems: [{ message: expect.stringContaining('view a.bound would break') }],
    })
  })

  test('does not mind columns that it does not use', async () => {
    const world = await make()
    await world.sql('create view a.bound as select n from a.numbers')
    await world.project.update({ 'views/a/numbers.sql': 'select n, 3 as more from a.source' })
    await world.refresh()
    expect(await world.sql('select n from a.bound')).toHaveLength(2)
  })
})

test('a hidden path from a source back to a view is found', async () => {
  const world = await make()
  await world.sql('create view a.middle as select n from a.numbers')
  await world.project.update({ 'views/a/reader.sql': 'select n from a.middle' })
  const { stdout } = await world.duro(['plan'])
  expect(stdout).toContain('a.middle')
})
