import { describe, expect, test } from 'vitest'

import { leftovers } from '../../support/catalog.ts'
import { testFailures, type Ran } from '../../support/duro.ts'
import { makeWorld } from '../../support/world.ts'

const sources = `create table orders as select n as id, n as customer from generate_series(1, 10) n;
  create table people as select n as id from generate_series(1, 10) n`
const files = {
  'views/shop/customers.sql': 'select id from public.people',
  'views/shop/orders.sql': 'select id, customer from public.orders',
  'views/shop/orders.yaml':
    'totals:\n  orphans: count(*) filter (where customer not in (select id from shop.customers))\n' +
    'limits: { orphans: { max_increase: 0 } }',
}

const comparisonsIn = ({ events }: Ran): Record<string, (string | null)[]> =>
  Object.fromEntries(
    events.flatMap((event) =>
      event.type === 'totals-compared'
        ? event.comparisons.map(({ view, total, before, after }) => [`${view} ${total}`, [before, after]])
        : [],
    ),
  )

describe('a total that reads another view', () => {
  test('is counted against its new version', async () => {
    const world = await makeWorld(sources, files)
    await world.refresh()
    await world.sql('delete from people where id > 7')
    const ran = await world.duro(['refresh', '--force'])
    expect(testFailures(ran).map(({ failure }) => failure.message)).toEqual([
      'orphans went from 0 to 3, max_increase is 0',
    ])
    expect(ran.code).toBe(1)
    expect(await world.sql('select count(*)::int as n from shop.customers')).toEqual([{ n: 10 }])
    expect(await leftovers(world.url)).toEqual([])
  })

  test('which may be downstream of it, and the live one where it is not rebuilt', async () => {
    const world = await makeWorld(sources, {
      'views/shop/orders.sql': files['views/shop/orders.sql'],
      'views/shop/orders.yaml': 'totals: { missing: count(*) - (select sum(orders) from shop.counts) }',
      'views/shop/counts.sql': 'select customer, count(*) as orders from shop.orders group by customer',
      'views/shop/counts.yaml': 'materialized: table',
    })
    await world.refresh()
    await world.sql('insert into orders select n, n from generate_series(11, 15) n')
    expect(comparisonsIn(await world.refresh('shop.orders'))['shop.orders missing']).toEqual(['0', '5'])
    expect(comparisonsIn(await world.refresh('--force'))['shop.orders missing']).toEqual(['5', '0'])
  })

  test('is compared with what it is now, and moves without a complaint of validate', async () => {
    const world = await makeWorld(sources, files)
    await world.refresh()
    await world.sql('delete from people where id > 7')
    await world.refresh('shop.customers')
    expect((await world.duro(['validate'])).error?.message).toContain('shop.orders did not pass')
    await world.project.update({
      'views/shop/orders.yaml': files['views/shop/orders.yaml'].split('\nl')[0] ?? '',
    })
    expect((await world.duro(['validate'])).code).toBe(0)
    expect(comparisonsIn(await world.refresh('--force'))['shop.orders orphans']).toEqual(['3', '3'])
  })

  test('is computed when it is rebuilt alone, and one that cannot be counted ends the run', async () => {
    const world = await makeWorld(sources, {
      ...files,
      'views/shop/orders.yaml': 'totals: { odd: sum(id) / (select count(*) - 10 from shop.customers) }',
    })
    const ran = await world.duro(['refresh'])
    expect(ran.code).toBe(1)
    expect(
      testFailures(ran).map(({ failure }) => [failure.test, failure.message, failure.file, failure.line]),
    ).toEqual([['totals.odd', expect.stringContaining('division by zero'), 'views/shop/orders.yaml', 1]])
    expect(await leftovers(world.url)).toEqual([])
  })

  test('is shown by a plan with the tests', async () => {
    const world = await makeWorld(sources, files)
    const { stdout } = await world.duro(['plan', '--sql'])
    expect(stdout).toContain('(select id from shop__duro_new.customers)')
    expect(stdout).not.toContain('(select id from shop.customers)')
  })
})

test('a total may read the view itself, by its name too', async () => {
  const world = await makeWorld(sources, {
    'views/shop/orders.sql': files['views/shop/orders.sql'],
    'views/shop/orders.yaml':
      'totals:\n  double: count(*) - (select count(distinct o.id) from shop.orders o)\n  most: max(shop.orders.id) -- the last\n',
  })
  await world.refresh()
  await world.sql('insert into orders select n, n from generate_series(11, 15) n')
  expect(comparisonsIn(await world.refresh('--force'))).toMatchObject({
    'shop.orders double': ['0', '0'],
    'shop.orders most': ['10', '15'],
  })
})
