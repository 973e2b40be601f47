import { describe, expect, test, vi } from 'vitest'

import { usingClient } from '../../support/client.ts'
import { warnings } from '../../support/duro.ts'
import { makeWorld, type World } from '../../support/world.ts'

const files = {
  'duro.yaml': 'default_interval: 1h\nkeep_previous: true\n',
  'views/first/a.sql': 'select n from source',
  'views/first/a.yaml': 'materialized: table',
}

/** A table of somebody else refers to a view. */
async function makeReferred(): Promise<World> {
  const world = await makeWorld('create table source as select 1 as n', files)
  await world.refresh()
  await world.sql(`alter table first.a add primary key (n);
    create table orders (id int constraint of_a references first.a); insert into orders values (1)`)
  return world
}

const isValid = async (world: World): Promise<boolean | undefined> => {
  const rows = await world.sql<{ valid: boolean }>(
    `select convalidated as valid from pg_constraint where conname = 'of_a' and confrelid = 'first.a'::regclass`,
  )
  return rows[0]?.valid
}

const stopped = new Error('stopped')

/** As if it had been killed when the swap was done. */
async function refreshUpToSwap(world: World): Promise<void> {
  const ran = await world.duro(['refresh', '--force'], {
    onEvent: (event) => {
      if (event.type === 'swap-attempt' && event.outcome === 'done') throw stopped
    },
  })
  expect(ran.error).toBe(stopped)
  expect(await isValid(world)).toBe(false)
}

describe('a foreign key from a table of somebody else', () => {
  test('is validated after each swap, there and back', async () => {
    const world = await makeReferred()
    for (const args of [['refresh', '--force'], ['swap', '--back'], ['swap']]) {
      const ran = await world.duro(args)
      expect(ran.error).toBeNull()
      expect(warnings(ran)).toEqual([])
      expect(await isValid(world)).toBe(true)
      expect(await world.sql('select from duro.follow_ups')).toEqual([])
    }
  })

  test.each([[['cleanup']], [['refresh']], [['refresh', '--force']]])(
    'is validated by %s where the run that published was killed',
    async (args) => {
      const world = await makeReferred()
      await refreshUpToSwap(world)
      expect((await world.duro([...args])).error).toBeNull()
      expect(await isValid(world)).toBe(true)
      expect(await world.sql('select from duro.follow_ups')).toEqual([])
    },
  )

  test('that does not hold after a refresh is told also to who wants to hear little, and validated when it does', async () => {
    const world = await makeReferred()
    await world.sql('update source set n = 2')
    const ran = await world.refresh('--force')
    expect(ran.events).toContainEqual(
      expect.objectContaining({ type: 'warning', isUrgent: true, message: expect.stringContaining('of_a') }),
    )
    expect(await isValid(world)).toBe(false)
    await world.sql('update source set n = 1')
    expect(warnings(await world.refresh('--force'))).toEqual([])
    expect(await isValid(world)).toBe(true)
  })

  test('that somebody drops meanwhile is forgotten', async () => {
    const world = await makeReferred()
    await refreshUpToSwap(world)
    await world.sql('drop table orders')
    const ran = await world.duro(['cleanup'])
    expect(warnings(ran)).toEqual([])
    expect(await world.sql('select from duro.follow_ups')).toEqual([])
  })

  test('is left for later when the command is interrupted', async () => {
    const world = await makeReferred()
    await refreshUpToSwap(world)
    await usingClient(world.url, async (holder) => {
      await holder.query('begin; lock table orders in share row exclusive mode')
      const controller = new AbortController()
      const cleaning = world.duro(['cleanup'], { signal: controller.signal })
      const waiting = async (): Promise<boolean> => {
        const rows = await world.sql(
          "select from pg_stat_activity where application_name = 'duro follow up' and wait_event_type = 'Lock'",
        )
        return rows.length > 0
      }
      await vi.waitUntil(waiting, { timeout: 30_000, interval: 20 })
      controller.abort()
      expect(warnings(await cleaning).join()).toContain('still to be done after the swap')
      expect(await waiting()).toBe(false)
    })
    await world.duro(['cleanup'])
    expect(await isValid(world)).toBe(true)
  })

  test('holds up nothing while its table is locked', async () => {
    const world = await makeReferred()
    await refreshUpToSwap(world)
    await usingClient(world.url, async (holder) => {
      await holder.query('begin; lock table orders in share row exclusive mode')
      const ran = await world.duro(['cleanup'])
      expect(ran.error).toBeNull()
      expect(warnings(ran).join()).toContain('lock timeout')
    })
    await world.duro(['cleanup'])
    expect(await isValid(world)).toBe(true)
  })
})
