import { afterAll, expect, inject, test } from 'vitest'

import { query } from '../../support/client.ts'
import { findPgDump } from '../../support/pg-dump.ts'
import { serverVersionNumber } from '../../support/pg-version.ts'
import { printTable } from '../table.ts'
import { keep, type Kept } from './keep.ts'
import { refreshWith, refused } from './refused.ts'
import type { Topic } from './scene.ts'
import { together, topics } from './topics.ts'

const pgDump = await findPgDump()
const major = Math.floor(serverVersionNumber() / 10_000)
const rows: (string | number)[][] = []

process.stdout.write(
  pgDump === null
    ? `No pg_dump is as new as the server (${major}): only the catalog is compared, fact by fact.\n`
    : `The schema is compared as ${pgDump} prints it, and fact by fact in the catalog.\n`,
)

afterAll(async () => {
  rows.push(['security labels', `skipped: ${await whyNoLabels()}`])
  printTable(
    'Differences in the schema',
    ['what hangs on the views', 'after a refresh', 'after a second', 'after swap --back'],
    rows,
  )
})

const isThere = ({ from = 14 }: Topic): boolean => major >= from

for (const topic of [...topics, together(topics.filter(isThere))]) {
  test(`nothing is lost: ${topic.name}`, async (context) => {
    if (!isThere(topic)) {
      rows.push([topic.name, `skipped: needs PostgreSQL ${topic.from}`])
      context.skip()
    }
    let kept: Kept | null = null
    try {
      kept = await keep([topic], pgDump)
    } finally {
      rows.push(
        kept === null
          ? [topic.name, 'failed']
          : [topic.name, kept.afterRefresh.length, kept.afterSecondRefresh.length, kept.afterSwapBack.length],
      )
    }
    for (const line of kept.afterRefresh.slice(0, 12)) process.stdout.write(`${topic.name}: ${line}\n`)
    expect(kept).toEqual({ afterRefresh: [], afterSecondRefresh: [], afterSwapBack: [] })
  })
}

test.each(Object.entries(refused))('refused, with nothing changed: %s', async (name, statement) => {
  const { said, changed } = await refreshWith(statement)
  rows.push([name, said === null ? 'not refused' : 'refused', changed.length])
  expect({ said, changed }).toEqual({ said: expect.any(String), changed: [] })
})

/** No server that is at hand has a provider of labels; one that has would need a topic of its own. */
async function whyNoLabels(): Promise<string> {
  const said = await query(inject('adminUrl'), 'security label on schema public is null').catch(String)
  return typeof said === 'string' ? said : 'there is no topic for them yet'
}
