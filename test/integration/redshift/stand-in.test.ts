import { afterAll, beforeAll, expect, test } from 'vitest'

import { query, useDatabase, usingClient } from '../../support/database.ts'
import { startStandIn, type StandIn } from '../../support/redshift/start-stand-in.ts'

const database = useDatabase()
let standIn: StandIn
beforeAll(async () => {
  standIn = await startStandIn({ upstream: database.url })
})
afterAll(async () => {
  await standIn.close()
})

test('says that it is Redshift', async () => {
  const [row] = await query(standIn.url(), 'select version()')
  expect(row?.version).toMatch(/^PostgreSQL 8\.0\.2 .* Redshift 1\.0\.\d+$/)
})

test('runs with parameters', async () => {
  expect(await query(standIn.url(), 'select $1::int + 1 as n', [4])).toEqual([{ n: 5 }])
})

test('keeps the keys of a table made by a query', async () => {
  await query(
    standIn.url(),
    `create table kept backup no diststyle key distkey(a) compound sortkey(b, a) as select 1 as a, 'x' as b`,
  )
  const rows = await query(
    standIn.url(),
    `select attname, attisdistkey, attsortkeyord from pg_attribute where attrelid = 'kept'::regclass and attnum > 0 order by attnum`,
  )
  expect(rows).toEqual([
    { attname: 'a', attisdistkey: true, attsortkeyord: 2 },
    { attname: 'b', attisdistkey: false, attsortkeyord: 1 },
  ])
})

test('several statements, errors in the middle', async () => {
  await usingClient(standIn.url(), async (client) => {
    await expect(client.query('select 1; select 1/0; select 2')).rejects.toMatchObject({ code: '22012' })
    const { rows } = await client.query('select 3 as n')
    expect(rows).toEqual([{ n: 3 }])
    await client.query('begin')
    await expect(client.query('insert into x values (1) on conflict do nothing')).rejects.toMatchObject({
      code: '42601',
      position: '26',
    })
    await expect(client.query('select 1')).rejects.toMatchObject({ code: '25P02' })
  })
})
