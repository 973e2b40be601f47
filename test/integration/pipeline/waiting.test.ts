import { expect, test } from 'vitest'

import { lockKeyOf } from '../../../src/engine/postgres/run-lock.ts'
import { usingClient } from '../../support/client.ts'
import type { Ran } from '../../support/duro.ts'
import type { Files } from '../../support/project.ts'
import { makeWorld, type World } from '../../support/world.ts'

/** Another run holds the lock, the folder changes while the command waits, and then the other one ends. */
async function whileItWaits(world: World, args: readonly string[], changes: Files): Promise<Ran> {
  return usingClient(world.url, async (other) => {
    await other.query('select pg_advisory_lock($1::int, 0)', [lockKeyOf('duro')])
    let ran: Promise<Ran> | null = null
    await new Promise<void>((resolve, reject) => {
      ran = world.duro([...args, '--wait', '1m'], {
        onEvent: ({ type }) => {
          if (type === 'waiting-for-lock') resolve()
        },
      })
      ran.then(() => reject(new Error('it did not wait')), reject)
    })
    await world.project.update(changes)
    await other.query('select pg_advisory_unlock($1::int, 0)', [lockKeyOf('duro')])
    if (ran === null) throw new Error('it did not begin')
    return ran
  })
}

test('a refresh that had to wait builds what the folder says when its turn comes', async () => {
  const world = await makeWorld('', { 'views/first/a.sql': 'select 1 as n' })
  const ran = await whileItWaits(world, ['refresh'], {
    'views/first/a.sql': 'select 2 as n',
    'views/first/b.sql': 'select n from first.a',
    'duro.yaml': '# another line, and the same settings\ndefault_interval: 1h\n',
  })
  expect(ran.error).toBeNull()
  expect(await world.sql('select n from first.b')).toEqual([{ n: 2 }])
})

test('a cleanup that had to wait leaves what was added meanwhile', async () => {
  const world = await makeWorld('', {
    'views/first/a.sql': 'select 1 as n',
    'views/first/b.sql': 'select 2 as n',
  })
  await world.refresh()
  await world.project.update({ 'views/first/b.sql': null })
  const ran = await whileItWaits(world, ['cleanup', '--removed'], { 'views/first/b.sql': 'select 2 as n' })
  expect(ran.error).toBeNull()
  expect(await world.sql('select n from first.b')).toEqual([{ n: 2 }])
})

test('a run whose database was changed while it waited is refused', async () => {
  const world = await makeWorld('', { 'views/first/a.sql': 'select 1 as n' })
  const ran = await whileItWaits(world, ['refresh'], {
    'duro.yaml': 'default_interval: 1h\nstate_schema: elsewhere\n',
  })
  expect(ran.code).toBe(2)
  expect(ran.error).toMatchObject({
    code: 'usage',
    message: 'duro.yaml names another database or schema than when this run began to wait',
  })
})
