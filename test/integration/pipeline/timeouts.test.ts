import { describe, expect, test } from 'vitest'

import { disagreements, duroSessions, leftovers, relationIds } from '../../support/catalog.ts'
import { query } from '../../support/database.ts'
import { makeWorld } from '../../support/world.ts'

const seconds = 'create table source as select 0 as seconds'

/** Sleeps as long as the source says. */
const slow = 'select seconds, pg_sleep(seconds) is null as slept from source'

const failed = (events: readonly { type: string }[]) =>
  events.flatMap((event) => ('view' in event && event.type === 'view-failed' ? [event.view] : []))

describe('a view that takes longer than its timeout', () => {
  test.each(['view', 'table'])(
    'fails alone, is cancelled on the server and leaves nothing: %s',
    async (kind) => {
      const world = await makeWorld(seconds, {
        'views/first/slow.sql': slow,
        'views/first/slow.yaml': `timeout: 1s\nmaterialized: ${kind}`,
        'views/first/quick.sql': 'select seconds from source',
      })
      await world.refresh()
      const before = await relationIds(world.url)
      await world.sql('update source set seconds = 30')
      const began = performance.now()
      const ran = await world.duro(['refresh', '--force'])
      expect(performance.now() - began).toBeLessThan(6000)
      expect(ran.code).toBe(1)
      expect(ran.error).toMatchObject({
        code: 'build',
        message: 'first.slow was not built within 1s, and its build was cancelled',
        hint: "1s is the view's timeout. Where it may take longer, set a longer one.",
      })
      expect(failed(ran.events)).toEqual(['first.slow'])
      expect(await relationIds(world.url)).toEqual(before)
      expect(await leftovers(world.url)).toEqual([])
      expect(await disagreements(world.url)).toEqual([])
      expect(await duroSessions(world.url)).toEqual([])
      expect(await world.sql("select error from duro.view_runs where outcome = 'failed'")).toEqual([
        { error: 'first.slow was not built within 1s, and its build was cancelled' },
      ])
    },
  )

  test('with --keep-going holds up nobody else', async () => {
    const world = await makeWorld(seconds, {
      'views/first/slow.sql': slow,
      'views/first/slow.yaml': 'timeout: 1s',
      'views/first/quick.sql': 'select seconds from source',
    })
    await world.refresh()
    await world.sql('update source set seconds = 30')
    const ran = await world.duro(['refresh', '--force', '--keep-going'])
    expect(ran.code).toBe(1)
    expect(ran.events.at(-1)).toMatchObject({ outcome: 'failed', published: ['first.quick'] })
    expect(await world.sql('select seconds from first.quick')).toEqual([{ seconds: 30 }])
    expect(await leftovers(world.url)).toEqual([])
  })
})

describe('a run that takes longer than its timeout', () => {
  const files = { 'views/first/slow.sql': slow, 'views/second/next.sql': 'select * from first.slow' }

  test.each([
    ['of duro.yaml', 'timeout: 2s\n', []],
    ['of the command line, which goes first', 'timeout: 2h\n', ['--timeout', '2s']],
  ])('ends with 1, and leaves nothing: timeout %s', async (_, settings, flags) => {
    const world = await makeWorld(seconds, { ...files, 'duro.yaml': `default_interval: 1h\n${settings}` })
    await world.refresh()
    const before = await relationIds(world.url)
    await world.sql('update source set seconds = 30')
    const ran = await world.duro(['refresh', '--force', ...flags])
    expect(ran.code).toBe(1)
    expect(ran.error).toMatchObject({
      code: 'timeout',
      message: 'the run did not publish within 2s, and was ended',
    })
    expect(ran.events.at(-1)).toMatchObject({ type: 'run-finished', outcome: 'failed', published: [] })
    expect(await relationIds(world.url)).toEqual(before)
    expect(await leftovers(world.url)).toEqual([])
    expect(await disagreements(world.url)).toEqual([])
    expect(await duroSessions(world.url)).toEqual([])
  })

  test.each([
    ['build', 'not-built', files],
    [
      'test',
      'built',
      {
        'views/first/slow.sql': 'select seconds from source',
        'views/first/slow_test.sql': 'select pg_sleep(seconds) is not null from source',
        'views/second/next.sql': 'select * from first.slow',
      },
    ],
  ])('says which view was in work, and state:failed finds it: %s', async (stage, other, views) => {
    const world = await makeWorld(seconds, views)
    await world.refresh()
    await world.sql('update source set seconds = 30')
    const ran = await world.duro(['refresh', '--force', '--timeout', '2s'])
    expect(ran.error).toMatchObject({ code: 'timeout' })
    const message = "first.slow was still in work when the run's time was up"
    expect(ran.events.filter(({ type }) => type === 'view-failed')).toMatchObject([
      { view: 'first.slow', stage, error: { code: 'timeout', message } },
    ])
    expect(await world.sql("select view, error from duro.view_runs where outcome = 'failed'")).toEqual([
      { view: 'first.slow', error: message },
    ])
    const { stdout } = await world.duro(['--json', 'plan', 'state:failed'])
    expect(JSON.parse(stdout)).toMatchObject({ views: [{ name: 'first.slow' }, { name: 'second.next' }] })
    expect(JSON.parse((await world.duro(['--json', 'history', 'last'])).stdout)).toMatchObject({
      views: [
        { view: 'first.slow', outcome: 'failed' },
        { view: 'second.next', outcome: other },
      ],
    })
  })

  test('ends also while the swap waits for readers, between two attempts', async () => {
    const world = await makeWorld(seconds, files)
    await world.refresh()
    const before = await relationIds(world.url)
    const reader = query(world.url, 'begin; select from first.slow; select pg_sleep(6); commit')
    const ran = await world.duro(['refresh', '--force', '--timeout', '3s'])
    expect(ran.error).toMatchObject({ code: 'timeout' })
    expect(await relationIds(world.url)).toEqual(before)
    await reader
    expect(await leftovers(world.url)).toEqual([])
    expect(await disagreements(world.url)).toEqual([])
  })
})
