import { describe, expect, test } from 'vitest'

import { leftovers } from '../../support/catalog.ts'
import { makeWorld } from '../../support/world.ts'

const a = { 'views/s/a.sql': 'select n from source' }

test.each([
  ['array', "select array['s.a']::regclass[] as names"],
  ['text of an array', "select '{s.a}'::regclass[] as names"],
])('the name of a view in the %s follows the new version', async (_, sql) => {
  const world = await makeWorld('create table source as select 1 as n', { ...a, 'views/s/b.sql': sql })
  await world.refresh()
  await world.refresh('--force')
  expect(await world.sql("select names[1]::oid = 's.a'::regclass as same from s.b")).toEqual([{ same: true }])
  expect(await leftovers(world.url)).toEqual([])
})

test.each([
  [
    'a string that a function takes for a relation',
    "select\n  pg_relation_size('s.a') as size",
    'view',
    2,
    20,
  ],
  ['the same in a plain view', "select\n  pg_relation_size('s.a') as size", 'none', 2, 20],
  ['the same in a table', "select\n  pg_relation_size('s.a') as size", 'table', 2, 20],
  ['the row type of an array', 'select null::s._a as rows', 'view', 1, 16],
  ['the same in a table', 'select null::s._a as rows', 'table', 1, 16],
])('%s is refused before anything is built', async (_, sql, materialized, line, column) => {
  const hint = line === 1 ? 's.a[]' : "'s.a'::regclass"
  const world = await makeWorld('create table source as select 1 as n', a)
  await world.refresh()
  await world.project.update({
    'views/s/b.sql': sql,
    'views/s/b.yaml': `materialized: ${materialized}`,
  })
  const refused = await world.duro(['refresh', '--force'])
  expect(refused.code).toBe(1)
  expect(refused.error?.message).toContain(
    's.b could not be built: it names s.a in a way that duro does not see',
  )
  expect(refused.error).toMatchObject({
    hint: expect.stringContaining(hint),
    location: { file: 'views/s/b.sql', line, column },
  })
  expect(refused.events).not.toContainEqual(
    expect.objectContaining({ type: 'stage-started', stage: 'build' }),
  )
  expect(await leftovers(world.url)).toEqual([])

  const kept = await world.duro(['refresh', '--force', '--keep-going'])
  expect(kept.events.at(-1)).toMatchObject({ published: ['s.a'] })
  expect(await leftovers(world.url)).toEqual([])
})

test('a table is refused, too, beside a select that no view could hold', async () => {
  const world = await makeWorld('create table source as select 1 as n', a)
  await world.refresh()
  await world.project.update({
    'views/s/odd.sql': 'create table s.odd (n int, m int)',
    'views/s/odd_select.sql': 'select 1 as n, 2 as n',
    'views/s/odd.yaml': 'processor: [cp]',
    'views/s/t.sql': "select pg_relation_size('s.a') as size",
    'views/s/t.yaml': 'materialized: table',
  })
  const refused = await world.duro(['refresh', '--force'])
  expect(refused.error?.message).toContain('s.t could not be built: it names s.a in a way')
  expect(await leftovers(world.url)).toEqual([])
})

test('such a view is refused when what it names is not refreshed with it', async () => {
  const world = await makeWorld('create table source as select 1 as n', a)
  await world.refresh()
  await world.project.update({ 'views/s/b.sql': "select pg_relation_size('s.a') as size" })
  const refused = await world.duro(['refresh', 's.b'])
  expect(refused.error?.message).toContain('s.b could not be built: it names s.a in a way')
  await world.project.update({ 'views/s/b.yaml': 'depends_on: [s.a]' })
  expect((await world.duro(['refresh', 's.b'])).error?.message).toBe(refused.error?.message)
  await world.project.update({ 'views/s/b.sql': "select pg_relation_size('s.a'::regclass) as size" })
  await world.refresh('s.a')
  expect(await leftovers(world.url)).toEqual([])
})

const orders = { 'views/shop/orders.sql': 'select n from source' }
const namesOrders = 'shop.cities could not be built: it names shop.orders in a way that duro does not see'
const size = (name: string): string => `select n,\n  pg_relation_size(${name}) as size from shop.orders`
const mixed = (name: string): string =>
  `select n, pg_relation_size('"Shop"."${name}"') as size from "Shop"."All Orders"`

describe('beside a proper read, in a run that leaves alone what it names,', () => {
  test.each([
    ['a string that a function takes for a relation', size("'shop.orders'"), 'view', 2, 20],
    ['the same in a plain view', size("'shop.orders'"), 'none', 2, 20],
    ['the same in a table', size("'shop.orders'"), 'table', 2, 20],
    ['a name in dollars', size('$$shop.orders$$'), 'view', 2, 20],
    ['a name with quotes', size(`'"shop" . ORDERS'`), 'view', 2, 20],
    ['a name that the search path finds', size("'orders'"), 'view', 2, 20],
    [
      'the later one of two strings',
      `select 'orders' as kind, * from (${size("'shop.orders'")}) x`,
      'view',
      2,
      20,
    ],
    [
      'what is written properly elsewhere',
      `${size("'shop.orders'")} where 'shop.orders'::regclass > 0`,
      'view',
      2,
      20,
    ],
    ['a string beside rows', `${size("'shop.orders'")} group by orders, n`, 'view', 2, 20],
    [
      'a string beside a column that could be a type',
      `select _orders, s.* from (${size("'shop.orders'")}) s, (select n as _orders from shop.orders) o`,
      'view',
      2,
      20,
    ],
    ['the row type of an array', 'select n, null::shop._orders as rows from shop.orders', 'view', 1, 22],
    ['the same in a table', 'select n, null::shop._orders as rows from shop.orders', 'table', 1, 22],
  ])('%s is refused', async (_, sql, materialized, line, column) => {
    const world = await makeWorld('create table source as select 1 as n', {
      'duro.yaml': 'default_interval: 1h\ndefault_schema: [public, shop]\n',
      ...orders,
    })
    await world.refresh()
    await world.project.update({
      'views/shop/cities.sql': sql,
      'views/shop/cities.yaml': `materialized: ${materialized}`,
    })
    const refused = await world.duro(['refresh'])
    expect(refused.error?.message).toContain(namesOrders)
    expect(refused.error).toMatchObject({ location: { file: 'views/shop/cities.sql', line, column } })
    expect(await leftovers(world.url)).toEqual([])
  })

  test('the name of a type in a string is refused', async () => {
    const world = await makeWorld(
      `create table source as select 1 as n;
       create function name_of(regtype) returns text language sql as 'select $1::text'`,
      orders,
    )
    await world.refresh()
    await world.project.update({
      'views/shop/cities.sql': "select n, name_of('shop.orders') from shop.orders",
    })
    const refused = await world.duro(['refresh'])
    expect(refused.error?.message).toContain(namesOrders)
    expect(refused.error).toMatchObject({ hint: expect.stringContaining("'shop.orders'::regtype") })
    await world.project.update({
      'views/shop/cities.sql': "select n, name_of('shop.orders'::regtype) from shop.orders",
    })
    await world.refresh()
    await world.refresh('--force')
    expect(await leftovers(world.url)).toEqual([])
  })

  test('quoted names in mixed case are told apart', async () => {
    const world = await makeWorld('create table source as select 1 as n', {
      'views/Shop/All Orders.sql': 'select n from source',
      'views/Shop/all orders.sql': 'select n from source',
    })
    await world.refresh()
    await world.project.update({ 'views/Shop/cities.sql': mixed('All Orders') })
    const refused = await world.duro(['refresh'])
    expect(refused.error?.message).toContain('Shop.cities could not be built: it names Shop.All Orders in a')
    expect(refused.error).toMatchObject({
      hint: expect.stringContaining(`write '"Shop"."All Orders"'::regclass`),
    })
    await world.project.update({ 'views/Shop/cities.sql': mixed('all orders') })
    expect((await world.duro(['refresh'])).error?.message).toContain('it names Shop.all orders in a')
    await world.project.update({
      'views/Shop/cities.sql': `select o, o.ctid as place, 'Shop.All Orders' as a, '"Shop"."All Orders"' as b from "Shop"."All Orders" o`,
    })
    await world.refresh()
    await world.refresh('--force')
    expect(await leftovers(world.url)).toEqual([])
  })

  test('no other use of the name is refused', async () => {
    const world = await makeWorld(
      'create table source as select 1 as n; create table orders as select 2 as n',
      {
        ...orders,
        'duro.yaml': 'default_interval: 1h\ndefault_schema: [public, shop]\n',
        'views/shop/lines.sql': 'select n from shop.orders',
        'views/shop/lines.yaml': 'materialized: table',
        'views/shop/_lines.sql': 'select n from source',
      },
    )
    await world.refresh()
    const kinds = `'shop.orders' as kind, 'orders' as short, $$shop.lines$$ as other`
    const selects = {
      proper: 'select n from shop.orders',
      texts: `select n, ${kinds} from shop.orders`,
      compared: `select n from shop.orders where tableoid::regclass::text = 'shop.orders'`,
      rows: `select o, ${kinds} from shop.orders o`,
      arrays: `select array_agg(o) as _orders, ${kinds} from shop.orders o`,
      columns: `select x._orders, ${kinds} from (select n as _orders from shop.orders) x`,
      places: `select shop.orders.ctid as place, shop.orders.tableoid as source, ${kinds} from shop.orders`,
      with_query: `with orders as (select * from shop.orders) select n, ${kinds} from orders`,
      seen: `select n, pg_relation_size('shop.orders'::regclass) as size, ${kinds} from shop.orders`,
      typed: `select null::shop.orders as one, null::shop.orders[] as many, ${kinds} from shop.orders`,
      elsewhere: `select n, pg_relation_size('orders') as size from shop.orders`,
      json: `select n, '{"orders": 1}'::jsonb -> 'orders' as one from shop.orders`,
      both: `select o.n, l.n as m, ${kinds} from shop.orders o join shop.lines l on l.n = o.n`,
      locked: `select n, ${kinds} from shop.lines for update`,
      underscored: `select n, null::shop._lines as one, null::shop._lines[] as many from shop.lines`,
    }
    await world.project.update({
      ...Object.fromEntries(
        Object.entries(selects).flatMap(([name, sql]) => [
          [`views/shop/${name}.sql`, sql],
          [`views/shop/${name}_table.sql`, sql],
          [`views/shop/${name}_table.yaml`, 'materialized: table'],
        ]),
      ),
      'views/shop/locked.yaml': 'materialized: none',
    })
    await world.refresh()
    await world.refresh('--force')
    expect(await leftovers(world.url)).toEqual([])
  })

  test('functions of its rows are not refused', async () => {
    const world = await makeWorld('create table source as select 1 as n', orders)
    await world.refresh()
    await world.sql(`create function n_of(shop.orders) returns int language sql as 'select $1.n'`)
    await world.project.update({
      'views/shop/cities.sql': `select n_of(o) as n, n_of(null) as none, o.n_of, 'shop.orders' as kind from shop.orders o`,
    })
    await world.refresh()
    expect(await world.sql('select n, none, n_of from shop.cities')).toEqual([{ n: 1, none: null, n_of: 1 }])
  })
})

test('a text is no name beside rows that a table keeps', async () => {
  const world = await makeWorld('create table source as select 1 as n', {
    ...orders,
    'views/shop/kept.sql': 'select o from shop.orders o',
    'views/shop/kept.yaml': 'materialized: table',
  })
  await world.refresh()
  await world.project.update({ 'views/shop/cities.sql': "select o, 'shop.orders' as kind from shop.kept" })
  await world.refresh()
  expect(await leftovers(world.url)).toEqual([])
})

test('a text is not taken for what binds to a view that is refreshed too', async () => {
  const world = await makeWorld('create table source as select 1 as n', {
    ...orders,
    'views/shop/kept.sql': 'select o from shop.orders o',
    'views/shop/kept.yaml': 'materialized: table',
  })
  await world.refresh()
  const refused = async (sql: string): Promise<Error | null> => {
    await world.project.update({ 'views/shop/cities.sql': sql })
    return (await world.duro(['refresh', 'shop.orders', 'shop.cities'])).error
  }
  const byRows = await refused("select o, 'shop.orders' as kind from shop.kept")
  expect(byRows?.message).toContain('it is bound to shop.orders in a way that duro does not see')
  expect(byRows).toMatchObject({
    hint: expect.stringContaining('refresh that table too'),
    location: undefined,
  })
  const byName = await refused(
    "select 'shop.orders' as kind, pg_relation_size('shop.orders') as size from source",
  )
  expect(byName?.message).toContain('it names shop.orders in a way that duro does not see')
  expect(byName).toMatchObject({ location: { line: 1, column: 48 } })
})

test('the swap says how to write a name that nobody has seen', async () => {
  const world = await makeWorld('create table source as select 1 as n', orders)
  await world.refresh()
  await world.project.update({ 'views/shop/cities.sql': size("U&'shop.\\006Frders'") })
  await world.refresh()
  const refused = await world.duro(['refresh', '--force'])
  expect(refused.error).toMatchObject({
    message: expect.stringContaining('shop.cities was built on the live one of shop.orders, which goes'),
    hint: expect.stringContaining("write 'shop.orders'::regclass"),
  })
})
