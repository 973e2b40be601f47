import { expect, test } from 'vitest'

import { query } from '../../support/client.ts'
import { describeIf } from '../../support/pg-version.ts'
import { clusterUrl } from '../../support/redshift/redshift-world.ts'

describeIf(
  clusterUrl !== null,
  'needs DURO_TEST_REDSHIFT_URL, a cluster in which databases may be made',
  'the tests of this folder',
  () => {
    test('run on a real cluster, but for those that give orders to the server', async () => {
      const [row] = await query<{ version: string }>(clusterUrl ?? '', 'select version() as version')
      expect(row?.version).toMatch(/Redshift/)
    })
  },
)
