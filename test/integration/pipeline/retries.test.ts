import { describe, expect, test } from 'vitest'

import type { Ran } from '../../support/duro.ts'
import { makeWorld } from '../../support/world.ts'

const sources = 'create table source as select 1 as id'
const files = {
  'views/first/base.sql': 'select id from source',
  'views/first/good.sql': 'select id from first.base',
  'views/first/bad.sql': 'select 1 / (id - 1) as id from source',
  'views/second/after_bad.sql': 'select id from first.bad',
}

const started = ({ events }: Ran) =>
  events.flatMap((event) => (event.type === 'run-started' ? event.views : [])).toSorted()

describe('refresh state:failed', () => {
  test('tries again what failed, with nothing else that is fresh, until it is mended', async () => {
    const world = await makeWorld(sources, files)
    expect((await world.duro(['refresh', '--keep-going'])).code).toBe(1)
    const again = await world.duro(['refresh', 'state:failed'])
    expect(again.code).toBe(1)
    expect(started(again)).toEqual(['first.bad'])
    await world.sql('update source set id = 3')
    expect(started(await world.refresh('state:failed'))).toEqual(['first.bad'])
    expect(started(await world.refresh('state:failed'))).toEqual([])
    // What only waited for it was not tried, and so has not failed; it is still missing.
    expect(started(await world.refresh())).toEqual(['second.after_bad'])
  })

  test('tries a view that is fresh, as its failure was forced', async () => {
    const world = await makeWorld(sources, {
      'views/first/shaky.sql': 'select 1 / id as id from source',
    })
    await world.refresh()
    await world.sql('update source set id = 0')
    expect((await world.duro(['refresh', '--force'])).code).toBe(1)
    expect(started(await world.refresh())).toEqual([])
    await world.sql('update source set id = 1')
    expect(started(await world.refresh('state:failed'))).toEqual(['first.shaky'])
  })

  test('knows a failed data test as a failure', async () => {
    const world = await makeWorld(sources, {
      'views/first/base.sql': 'select id from source',
      'views/first/base_test.sql': 'select count(*) = 2 as two from first.base',
      'views/first/other.sql': 'select 2 as id',
    })
    await world.duro(['refresh'])
    const plan = await world.duro(['--json', 'plan', 'state:failed'])
    expect(JSON.parse(plan.stdout)).toMatchObject({
      views: [{ name: 'first.base', reasons: [{ kind: 'missing' }, { kind: 'named' }, { kind: 'failed' }] }],
    })
  })
})

describe('refresh --full', () => {
  const chain = {
    'views/first/base.sql': 'select id from source',
    'views/first/stored.sql': 'select id from first.base',
    'views/first/stored.yaml': 'materialized: table',
    'views/second/top.sql': 'select id from first.stored',
    'views/second/aside.sql': 'select 1 as id',
  }

  test('rebuilds what is selected and all that it reads, also beyond a table', async () => {
    const world = await makeWorld(sources, chain)
    await world.refresh()
    expect(started(await world.refresh('second.top'))).toEqual(['second.top'])
    expect(started(await world.refresh('second.top', '--full'))).toEqual([
      'first.base',
      'first.stored',
      'second.top',
    ])
    expect(started(await world.refresh('--full'))).toHaveLength(4)
  })

  test('leaves out what is excluded, and plans the same', async () => {
    const world = await makeWorld(sources, chain)
    await world.refresh()
    const args = ['second.top', '--full', '--exclude', 'first.base']
    const plan = await world.duro(['--json', 'plan', ...args])
    expect(JSON.parse(plan.stdout)).toMatchObject({
      views: [{ name: 'first.stored' }, { name: 'second.top' }],
    })
    expect(started(await world.refresh(...args))).toEqual(['first.stored', 'second.top'])
  })
})

test('a refresh of all views is remembered, also one that had nothing to do, and no other', async () => {
  const world = await makeWorld(sources, { 'views/first/base.sql': 'select id from source' })
  await world.refresh()
  await world.refresh()
  await world.refresh('first.*')
  await world.refresh('--exclude', 'first.base')
  expect(await world.sql('select outcome, all_views from duro.runs order by began_at')).toEqual([
    { outcome: 'published', all_views: true },
    { outcome: 'nothing-to-do', all_views: true },
    { outcome: 'published', all_views: false },
    { outcome: 'nothing-to-do', all_views: false },
  ])
})

test('the tolerance follows how often refreshes of all views come', async () => {
  const world = await makeWorld(sources, { 'views/first/base — 1h.sql': 'select id from source' })
  await world.refresh()
  const isStale = async (previous: string): Promise<boolean> => {
    await world.sql(`update duro.runs set began_at = now() - interval '${previous}'`)
    await world.sql("update duro.views set built_at = now() - interval '58 minutes'")
    return (await world.duro(['plan', '--check'])).code === 10
  }
  expect(await isStale('1 hour')).toBe(true)
  expect(await isStale('1 minute')).toBe(false)
})
