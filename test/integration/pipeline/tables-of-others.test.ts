import { describe, expect, test } from 'vitest'

import { patientTest, refreshWhile } from '../../support/refresh-while.ts'
import { makeWorld, type World } from '../../support/world.ts'

const isThere = async (world: World): Promise<void> => {
  expect(await world.sql('select p from first.a')).toEqual([{ p: 'precious' }])
}

describe('a table of somebody else that comes to stand under the name of a view', () => {
  const files = { 'views/first/a.sql': 'select 1 as n', 'views/first/a.yaml': 'materialized: table' }
  const message = 'a table that duro did not make stands under the name first.a by now'
  const precious = "create table first.a as select 'precious'::text as p"

  test('before the first publication stays', async () => {
    const world = await makeWorld('', files)
    await world.refresh('--no-swap')
    await world.sql(precious)
    expect((await world.duro(['swap'])).error?.message).toBe(message)
    await isThere(world)
  })

  test('in place of a published one stays', async () => {
    const world = await makeWorld('', files)
    await world.refresh()
    await world.refresh('--force', '--no-swap')
    await world.sql(`drop table first.a; ${precious}`)
    expect((await world.duro(['swap'])).error?.message).toBe(message)
    await isThere(world)
  })

  test('stays when an old version is to be live again', async () => {
    const world = await makeWorld('', {
      ...files,
      'duro.yaml': 'default_interval: 1h\nkeep_previous: true\n',
    })
    await world.refresh()
    await world.refresh('--force')
    await world.sql(`drop table first.a; ${precious}`)
    expect((await world.duro(['swap', '--back'])).error?.message).toBe(message)
    await isThere(world)
  })

  test('during the run stays', async () => {
    const world = await makeWorld('', { ...files, ...patientTest })
    await world.sql('create schema first')
    expect((await refreshWhile(world, precious)).error?.message).toBe(message)
    await isThere(world)
  })

  test('is replaced where that was asked for, then or later', async () => {
    const world = await makeWorld(`create schema first; ${precious}`, files)
    await world.refresh('--replace-tables', '--no-swap')
    expect((await world.duro(['swap'])).error).toBeNull()
    expect(await world.sql('select n from first.a')).toEqual([{ n: 1 }])
  })
})
