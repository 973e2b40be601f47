import * as fc from 'fast-check'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { from } from 'pg-copy-streams'
import { expect, test } from 'vitest'

import { copyStatement } from '../../../src/engine/postgres/build/copy-from-csv.ts'
import { splitCsv } from '../../../src/import/s3/split-csv.ts'
import { useDatabase, usingClient } from '../../support/database.ts'

const database = useDatabase()
const nullMarker = 'duro-null-0123456789abcdef'

/** CSV as programs write it: quotes where none are needed, or in the middle, and spaces around them. */
const field = fc.oneof(
  fc.constantFrom(
    '',
    '""',
    '"',
    ' ',
    ' "a,\n" ',
    'a"b,c"d',
    '"a""b"',
    '\\N',
    '\\.x',
    nullMarker.slice(1),
    'null',
  ),
  fc
    .array(fc.constantFrom('"', '""', 'a', ' ', 'ß', '𝄞', '\\', '"\n"', '","', '"\r\n"'), { maxLength: 6 })
    .map((all) => all.join('')),
)
const file = fc
  .tuple(fc.array(fc.tuple(field, field), { maxLength: 12 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(
    ([rows, end, ended]) => ['one,two', ...rows.map((row) => row.join(','))].join(end) + (ended ? end : ''),
  )
const size = fc.integer({ min: 1, max: 50 })

test('files that Redshift would load hold what PostgreSQL reads in the whole', async () => {
  let taken = 0
  await usingClient(database.url, async (client) => {
    const load = async (statement: string, csv: Buffer): Promise<unknown[] | null> => {
      await client.query('begin')
      try {
        await client.query('create table loaded (one text, two text)')
        await pipeline(Readable.from([csv]), client.query(from(statement)))
        return (await client.query('table loaded')).rows
      } catch {
        return null
      } finally {
        await client.query('rollback')
      }
    }
    await fc.assert(
      fc.asyncProperty(file, size, size, async (text, piece, fileBytes) => {
        const expected = await load(copyStatement('loaded', ['one', 'two']), Buffer.from(text))
        const found = await filesOf(text, piece, fileBytes)
        if (expected === null) return // what is refused here is not for sure refused there
        taken += expected.length
        const marked = copyStatement('loaded', ['one', 'two']).replace(
          'format csv',
          `format csv, null '${nullMarker}'`,
        )
        const rows: unknown[] = []
        for (const one of found ?? []) rows.push(...((await load(marked, one)) ?? ['refused']))
        expect(rows).toEqual(expected)
      }),
      { numRuns: 300 },
    )
  })
  expect(taken).toBeGreaterThan(50)
})

async function filesOf(text: string, piece: number, fileBytes: number): Promise<Buffer[] | null> {
  const bytes = Buffer.from(text)
  const pieces = async function* () {
    for (let start = 0; start < bytes.length; start += piece) yield bytes.subarray(start, start + piece)
  }
  const files: Buffer[] = []
  try {
    for await (const one of splitCsv(pieces(), {
      columns: ['one', 'two'],
      nullMarker,
      fileBytes,
      failed: '',
    })) {
      const parts: Buffer[] = []
      for await (const part of one) parts.push(part)
      files.push(Buffer.concat(parts))
    }
    return files
  } catch {
    return null
  }
}
