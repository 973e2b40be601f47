import { expect, test } from 'vitest'

import { testFailures } from '../../support/duro.ts'
import { makeRedshiftWorld } from '../../support/redshift/redshift-world.ts'

const sources = [
  'create schema a',
  'create table a.orders_in (id int, customer int)',
  'insert into a.orders_in values (1, 1), (2, 2)',
  'create table a.people (id int)',
  'insert into a.people values (1), (2)',
]

test('a total that reads another view is counted against its new version, and may name its own', async () => {
  const world = await makeRedshiftWorld(sources, {
    'views/a/customers.sql': 'select id from a.people',
    'views/a/orders.sql': 'select id, customer from a.orders_in',
    'views/a/orders.yaml':
      'totals:\n  orphans: sum(case when orders.customer in (select customers.id from a.customers) then 0 else 1 end)\n' +
      '  most: max(a.orders.id) -- by its name\n' +
      'limits: { orphans: { max_increase: 0 } }',
  })
  await world.refresh()
  await world.sql('delete from a.people where id = 2')
  const ran = await world.duro(['refresh', '--force'])
  expect(ran.code).toBe(1)
  expect(testFailures(ran).map(({ failure }) => failure.message)).toEqual([
    'orphans went from 0 to 1, max_increase is 0',
  ])
})
