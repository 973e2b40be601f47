import { expect, test } from 'vitest'

import { query, useDatabase } from '../../support/database.ts'
import { dump, findPgDump } from '../../support/pg-dump.ts'

const database = useDatabase()
const pgDump = await findPgDump()

test.skipIf(pgDump === null)('a dump shows the schema, twice the same', async () => {
  await query(database.url, 'create table dumped (a int)')
  const text = await dump(pgDump ?? '', database.url, ['--schema-only'])
  expect(text).toContain('CREATE TABLE public.dumped')
  expect(await dump(pgDump ?? '', database.url, ['--schema-only'])).toBe(text)
})
