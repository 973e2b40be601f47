import { expect, test } from 'vitest'

import {
  expectedDurations,
  filesOfBuilds,
  statementsOfBuilds,
  usualDurations,
} from '../../support/expected-durations.ts'
import { makeRedshiftWorld } from '../../support/redshift/redshift-world.ts'

test('a plan expects of a build what the last eleven have usually taken', async () => {
  const world = await makeRedshiftWorld([], filesOfBuilds)
  await world.refresh()
  await world.sql(...statementsOfBuilds())
  const planned = await world.duro(['plan', '--force', '--json'])
  expect(expectedDurations(planned)).toEqual(usualDurations)
})
