import { expect, test } from 'vitest'

import { expectedAfterBuilds, filesOfBuilds, usualDurations } from '../../support/expected-durations.ts'
import { makeWorld } from '../../support/world.ts'

test('a plan expects of a build what the last eleven have usually taken', async () => {
  const world = await makeWorld('', filesOfBuilds)
  expect(await expectedAfterBuilds(world)).toEqual(usualDurations)
})
