import { setTimeout as sleep } from 'node:timers/promises'

import { expect, test } from 'vitest'

import { leaseTimes } from '../../../src/engine/redshift/run-lock/lease.ts'

import { clusterUrl, makeRedshiftWorld } from '../../support/redshift/redshift-world.ts'
import { idOf, leftBy } from '../../support/redshift/relations.ts'

const sources = ['create schema a', 'create table a.source (n int)', 'insert into a.source values (1), (2)']
const files = { 'views/a/numbers.sql': 'select n from a.source' }

/** Another run, in another process, that takes the lock and lives on. */
const steal =
  "update duro.run_lock set owner = 'thief', label = 'refresh', holder = 'eve@elsewhere', fence = fence + 1, expires_at = dateadd(minute, 5, getdate())"

test('a second run is told who holds the lock', async () => {
  const world = await makeRedshiftWorld(sources, files)
  await world.refresh()
  await world.sql(steal)
  const { code, error } = await world.duro(['refresh'])
  expect(code).toBe(4)
  expect(error?.message).toMatch(/^another run holds the lock: "refresh" by eve@elsewhere, for \d+ s/)
})

test('a run waits as long as it is told to, and takes the lock when its holder falls silent', async () => {
  const world = await makeRedshiftWorld(sources, files)
  await world.refresh()
  await world.sql(steal)
  await world.sql('update duro.run_lock set expires_at = dateadd(second, 3, getdate())')
  const { events } = await world.refresh('--force', '--wait', '1m')
  expect(events).toContainEqual({
    type: 'waiting-for-lock',
    holder: expect.stringContaining('eve@elsewhere'),
  })
})

test('the lock is free when a run has ended, however it did', async () => {
  const world = await makeRedshiftWorld(sources, files)
  await world.project.update({ 'views/a/broken.sql': 'select 1/0 as n' })
  expect((await world.duro(['refresh'])).code).toBe(1)
  await world.project.update({ 'views/a/broken.sql': null })
  await world.refresh()
  await world.refresh('--force')
})

test.skipIf(clusterUrl !== null)('a run that has lost the lock publishes nothing', async () => {
  const world = await makeRedshiftWorld(sources, files)
  await world.refresh()
  const before = await idOf(world, 'a', 'numbers')
  let stolen: Promise<unknown> | null = null
  world.onStatement((statement) => {
    // The last statement before those of the swap.
    if (!statement.startsWith('set statement_timeout to 5000') || stolen !== null) return null
    stolen = world.sql(steal)
    return { kind: 'wait', until: stolen }
  })
  const { code, error } = await world.duro(['refresh', '--force'])
  world.onStatement(null)
  expect(stolen).not.toBeNull()
  expect([code, error?.message]).toEqual([
    1,
    expect.stringContaining('another run has taken over the run lock'),
  ])
  expect(await idOf(world, 'a', 'numbers')).toBe(before)
  expect(await world.sql('select owner from duro.run_lock')).toEqual([{ owner: 'thief' }])
  await world.sql('update duro.run_lock set expires_at = getdate()')
  await world.refresh('--force')
  expect(await leftBy(world)).toEqual([])
})

test.skipIf(clusterUrl !== null)('a run that takes long keeps the lock', async () => {
  const world = await makeRedshiftWorld(sources, files)
  await world.refresh()
  const expiry = async (): Promise<number> =>
    Number((await world.sql<{ at: Date }>('select expires_at as at from duro.run_lock'))[0]?.at)
  const ends: number[] = []
  world.onStatement((statement) => {
    if (!statement.startsWith('create table a.numbers__duro_new')) return null
    const until = (async () => {
      ends.push(await expiry())
      await sleep((leaseTimes.renewed + 3) * 1000)
      ends.push(await expiry())
    })()
    return { kind: 'wait', until }
  })
  await world.refresh('--force')
  world.onStatement(null)
  expect(ends).toHaveLength(2)
  expect((ends[1] ?? 0) - (ends[0] ?? 0)).toBeGreaterThan((leaseTimes.renewed - 2) * 1000)
})
