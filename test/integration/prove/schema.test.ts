import { expect, test } from 'vitest'

import { keep } from '../../prove/schema/keep.ts'
import { together, topics } from '../../prove/schema/topics.ts'
import { findPgDump } from '../../support/pg-dump.ts'
import { serverVersionNumber } from '../../support/pg-version.ts'

const pgDump = await findPgDump()
const major = Math.floor(serverVersionNumber() / 10_000)

// The short form of `npm run prove:schema`: all at once.
const means = pgDump === null ? 'the catalog, without a fitting pg_dump' : 'pg_dump and the catalog'

test(`nothing of the schema is lost, says ${means}`, async () => {
  const chosen = topics.filter(({ from = 14, open }) => major >= from && open !== true)
  expect(await keep([together(chosen)], pgDump)).toEqual({
    afterRefresh: [],
    afterSecondRefresh: [],
    afterSwapBack: [],
  })
})
