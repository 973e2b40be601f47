import { describe, expect, test } from 'vitest'

import { disagreements, leftovers } from '../../support/catalog.ts'
import { usingClient } from '../../support/database.ts'
import { warnings } from '../../support/duro.ts'
import { makeWorld } from '../../support/world.ts'

const sources = 'create table source as select 1 as n'
const files = {
  'views/first/a.sql': 'select n from source',
  'views/first/b.sql': 'select n * 10 as n from first.a',
}
const keeping = { 'duro.yaml': 'default_interval: 1h\nkeep_previous: true\n' }

describe('an old version that somebody has built on', () => {
  test('stays, and does not hold up the refreshes that follow', async () => {
    const world = await makeWorld(sources, files)
    await world.refresh()
    await usingClient(world.url, async (session) => {
      await session.query('create temp view mine as select n from first.a')
      for (const n of [2, 3, 4]) {
        await world.sql(`update source set n = ${n}`)
        const ran = await world.refresh('--force')
        expect(warnings(ran).join()).toContain('first__duro_old.a could not be dropped yet')
        expect(await world.sql('select n from first.b')).toEqual([{ n: n * 10 }])
        expect((await session.query('select n from mine')).rows).toEqual([{ n: 1 }])
        expect(await disagreements(world.url)).toEqual([])
      }
    })
    await world.refresh('--force')
    expect(await leftovers(world.url)).toEqual([])
  })

  test('is not mistaken for the one to return to', async () => {
    const world = await makeWorld(sources, { ...files, ...keeping })
    await world.refresh()
    await usingClient(world.url, async (session) => {
      await session.query('create temp view mine as select n from first.a')
      for (const n of [2, 3]) {
        await world.sql(`update source set n = ${n}`)
        await world.refresh('--force')
      }
      expect((await world.duro(['swap', '--back'])).error).toBeNull()
      expect(await world.sql('select n from first.b')).toEqual([{ n: 20 }])
      expect(await disagreements(world.url)).toEqual([])
    })
  })
})

describe('duro swap --back', () => {
  test('refuses a part of a set, and leaves the live views', async () => {
    const world = await makeWorld(sources, { ...files, ...keeping })
    await world.refresh()
    await world.sql('update source set n = 2')
    await world.refresh('--force')
    await world.sql('drop materialized view first__duro_old.b')
    await world.sql(`delete from duro.relations where relation_name = 'b'`)

    const back = await world.duro(['swap', '--back'])
    expect(back.error?.message).toContain('the old version is gone of first.b')
    expect(await world.sql('select n from first.b')).toEqual([{ n: 20 }])
  })

  test('leaves the run as one whose versions wait', async () => {
    const world = await makeWorld(sources, { ...files, ...keeping })
    await world.refresh()
    await world.refresh('--force')
    await world.duro(['swap', '--back'])
    expect(await world.sql('select outcome from duro.runs order by began_at')).toEqual([
      { outcome: 'published' },
      { outcome: 'built' },
    ])
  })
})
