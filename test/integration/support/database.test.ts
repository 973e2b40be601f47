import { expect, test, vi } from 'vitest'

import { createDatabase, query, type Template, useDatabase } from '../../support/database.ts'
import { serverVersionNumber } from '../../support/pg-version.ts'

const fill = vi.fn<Template['fill']>(async (url) => {
  await query(url, 'create table filled as select 1 as a')
})
const template: Template = { name: 'support_test', fill }

const database = useDatabase()

test('useDatabase gives a database for the tests of a file', async () => {
  const [row] = await query(database.url, 'select current_database() as name')
  expect(row).toEqual({ name: database.name })
  expect(database.name).toMatch(/^duro_test_\d+_/)
  await query(database.url, 'create table t (a int); insert into t values (1), (2)')
  expect(await query(database.url, 'select a from t where a > $1', [1])).toEqual([{ a: 2 }])
})

test('a template is filled once, and copied', async () => {
  const copies = await Promise.all([createDatabase({ template }), createDatabase({ template })])
  for (const copy of copies) expect(await query(copy.url, 'select a from filled')).toEqual([{ a: 1 }])
  for (const copy of copies) await copy.drop()
  expect(fill).toHaveBeenCalledOnce()
})

test('a database is dropped also while somebody uses it', async () => {
  const used = await createDatabase()
  const waiting = query(used.url, 'select pg_sleep(600)')
  waiting.catch(() => undefined) // awaited below
  await vi.waitFor(async () => {
    const sessions = await query(
      used.url,
      `select from pg_stat_activity where datname = $1 and wait_event = 'PgSleep'`,
      [used.name],
    )
    expect(sessions).toHaveLength(1)
  })
  await used.drop()
  await expect(waiting).rejects.toThrow('terminat')
  await expect(query(used.url, 'select 1')).rejects.toThrow('does not exist')
})

test('the version of the server is known', () => {
  expect(serverVersionNumber()).toBeGreaterThanOrEqual(140_000)
})
