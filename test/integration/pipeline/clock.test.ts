import { expect, test } from 'vitest'

import { makeWorld } from '../../support/world.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

test('a clock that was days ahead and was put right stops nothing, and the tolerance stays', async () => {
  const world = await makeWorld('', { 'views/first/a.sql': 'select 1 as n' })
  const outcomeAt = async (time: number) => {
    const ran = await world.duro(['refresh'], { clock: () => new Date(time) })
    return ran.events.at(-1)
  }
  const now = Date.now()
  expect(await outcomeAt(now + 30 * DAY)).toMatchObject({ outcome: 'published' })
  expect(await outcomeAt(now)).toMatchObject({ outcome: 'published' })
  expect(await outcomeAt(now + 30 * MINUTE)).toMatchObject({ outcome: 'nothing-to-do' })
  expect(await outcomeAt(now + 59.5 * MINUTE)).toMatchObject({ outcome: 'published' })
})
