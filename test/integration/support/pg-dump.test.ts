import { expect, test } from 'vitest'

import { query, useDatabase } from '../../support/database.ts'
import { dump, findPgDump } from '../../support/pg-dump.ts'
import { describeIf } from '../../support/pg-version.ts'

const pgDump = await findPgDump()

describeIf(pgDump !== null, 'no pg_dump is as new as the server', 'pg_dump', () => {
  const database = useDatabase()

  test('shows the schema, twice the same', async () => {
    await query(database.url, 'create table dumped (a int)')
    const text = await dump(pgDump ?? '', database.url, ['--schema-only'])
    expect(text).toContain('CREATE TABLE public.dumped')
    expect(await dump(pgDump ?? '', database.url, ['--schema-only'])).toBe(text)
  })
})
