import { setTimeout as sleep } from 'node:timers/promises'

import { expect, test } from 'vitest'

import { relationIds } from '../../support/catalog.ts'
import { usingClient } from '../../support/database.ts'
import { makeWorld } from '../../support/world.ts'

/** The server's own `deadlock_timeout`, and as much again for a machine that has other things to do. */
const longestWait = 2000

test('a swap lets a reader finish, holds up no other for long, and can be tried again', async () => {
  const world = await makeWorld('create table source as select 1 as n', {
    'duro.yaml': 'default_interval: 1h\nswap: { give_up_after: 4s }\n',
    'views/first/a.sql': 'select n from source',
  })
  await world.refresh()
  const before = await relationIds(world.url)
  await world.sql('update source set n = 2')

  await usingClient(world.url, async (slow) => {
    await slow.query('begin; select from first.a')
    const ended = new AbortController()
    const waits: number[] = []
    const passing = usingClient(world.url, async (reader) => {
      while (!ended.signal.aborted) {
        const began = performance.now()
        expect((await reader.query('select n from first.a')).rows).toEqual([{ n: 1 }])
        waits.push(performance.now() - began)
        await sleep(20)
      }
    })
    const ran = await world.duro(['refresh', '--force']).finally(() => ended.abort())
    await passing
    expect(ran.code).toBe(1)
    expect(ran.error?.message).toMatch(/In the way:\n {2}.*select from first\.a/)
    const blocked = ran.events.filter((event) => event.type === 'swap-attempt')
    expect(blocked.length).toBeGreaterThan(1)
    expect(Math.max(...waits)).toBeLessThan(longestWait)
    // The slow one was never ended for it.
    expect((await slow.query('select n from first.a')).rows).toEqual([{ n: 1 }])
    expect(await relationIds(world.url)).toMatchObject(before)
    const { stdout } = await world.duro(['history', 'last'])
    expect(stdout).toMatch(/\nnot swapped in \d+ attempts\n {2}waited for .*select from first\.a\n/)
  })

  expect((await world.duro(['swap'])).error).toBeNull()
  expect(await world.sql('select n from first.a')).toEqual([{ n: 2 }])
  const { stdout } = await world.duro(['history', 'last'])
  expect(stdout).toMatch(/\nswapped in one attempt, readers waited at most \d+ ms\n/)
})
