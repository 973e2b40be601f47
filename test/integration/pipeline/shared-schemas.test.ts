import { expect, test } from 'vitest'

import { createConnector } from '../../../src/engine/postgres/connection/connector.ts'
import { parseConnection } from '../../../src/engine/postgres/connection/connection-settings.ts'
import { dropEmptyShadowSchemas, makeSchemas } from '../../../src/engine/postgres/shadow-schemas.ts'
import { leftovers } from '../../support/catalog.ts'
import { duro } from '../../support/duro.ts'
import { writeProject } from '../../support/project.ts'
import { makeWorld } from '../../support/world.ts'

test('two projects with views in one schema, and other state schemas, can be refreshed at the same time', async () => {
  const world = await makeWorld('', {
    'views/first/a.sql': 'select 1 as n',
    'views/first/c.sql': 'select 1 as n',
  })
  const other = await writeProject({
    'duro.yaml': 'default_interval: 1h\nstate_schema: other\n',
    'views/first/b.sql': 'select 2 as n',
  })
  try {
    for (let round = 0; round < 6; round++) {
      const args = ['refresh', '--force']
      const runs = await Promise.all([world.duro(args), duro(other, world.url, args)])
      expect(runs.map(({ error }) => error)).toEqual([null, null])
    }
    expect(await world.sql('select a.n + b.n as sum from first.a, first.b')).toEqual([{ sum: 3 }])
    expect(await leftovers(world.url)).toEqual([])
  } finally {
    await other.cleanup()
  }
})

test('the shadows of a schema stay as long as another run uses them, and then are dropped', async () => {
  const world = await makeWorld('', {})
  const shadows = (): Promise<unknown> =>
    world.sql("select nspname from pg_namespace where nspname like '%duro%' order by 1")
  const connector = createConnector({ config: parseConnection(world.url), searchPath: [] })
  await connector.using('one', (one) =>
    connector.using('other', async (other) => {
      await Promise.all([makeSchemas(one, ['first']), makeSchemas(other, ['first'])])
      await makeSchemas(one, ['first'])
      const both = [{ nspname: 'first__duro_new' }, { nspname: 'first__duro_old' }]
      expect(await shadows()).toEqual(both)
      await dropEmptyShadowSchemas(other, ['first'])
      expect(await shadows()).toEqual(both)
      await dropEmptyShadowSchemas(one, ['first'])
      expect(await shadows()).toEqual([])
    }),
  )
})
