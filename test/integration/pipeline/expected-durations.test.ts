import { expect, test } from 'vitest'

import {
  expectedDurations,
  filesOfBuilds,
  statementsOfBuilds,
  usualDurations,
} from '../../support/expected-durations.ts'
import { makeWorld } from '../../support/world.ts'

test('a plan expects of a build what the last eleven have usually taken', async () => {
  const world = await makeWorld('', filesOfBuilds)
  await world.refresh()
  for (const statement of statementsOfBuilds()) await world.sql(statement)
  const planned = await world.duro(['plan', '--force', '--json'])
  expect(expectedDurations(planned)).toEqual(usualDurations)
})
