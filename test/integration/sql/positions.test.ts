import * as fc from 'fast-check'
import { Client, DatabaseError } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { codePointsToUtf16 } from '../../../src/sql/locate.ts'
import { SqlSyntaxError } from '../../../src/sql/parser.ts'
import { loadPostgresParser } from '../../../src/sql/postgres/postgres-parser.ts'
import { useDatabase } from '../../support/database.ts'
import { arbitraryQuery } from '../../unit/sql/queries/arbitrary-query.ts'
import { surroundings } from '../../unit/sql/queries/markers.ts'
import { makeTheWorld, toShadow } from './world.ts'

const parser = await loadPostgresParser()
const database = useDatabase()
let client: Client

beforeAll(async () => {
  client = new Client({ connectionString: database.url })
  await client.connect()
  await client.query(makeTheWorld())
})
afterAll(() => client.end())

describe('the server’s errors in a rewritten query are found in the user’s text', () => {
  test.each([
    ['first.cities.nn', "select '😀', first.cities.nn from first.cities"],
    ['nn', 'select 1 from first.cities, first.user as u where nn = 1'],
    ['first.missing', 'select 1 from first.cities, first.missing'],
    ['nn(', "select '😀' from first.cities where nn(n)"],
    ['/ ', "select n / 'x'::text from first.cities"],
  ])('%s', async (where, sql) => {
    expect(await placeInSource(sql)).toBe(sql.indexOf(where))
  })

  test('behind generated queries', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryQuery, surroundings, async ({ sql }, { before, after }) => {
        const text = `${before}with q as (${sql}) select missing from q${after}`
        expect(await placeInSource(text)).toBe(text.lastIndexOf('missing from q'))
      }),
      { numRuns: 100 },
    )
  })
})

describe('syntax errors are placed where the server places them', () => {
  test.each([
    'select 1 from from',
    "select '😀é' from from",
    '-- 😀\nselect "abc',
    "select 'é",
    'select 1 where',
    "select U&'\\zzzz'",
    'select (1',
    'select "" from a',
  ])('%j', async (sql) => {
    expect(syntaxError(sql)).toBe(codePointsToUtf16(sql, await errorPosition(sql)))
  })
})

async function placeInSource(text: string): Promise<number> {
  const [statement] = parser.parse(text)
  if (statement === undefined) throw new Error('there is no statement')
  const { text: rewritten, toSource } = toShadow(text, statement)
  return toSource(codePointsToUtf16(rewritten, await errorPosition(rewritten)))
}

async function errorPosition(sql: string): Promise<number> {
  try {
    await client.query(sql)
  } catch (error) {
    if (error instanceof DatabaseError && error.position !== undefined) return Number(error.position)
    throw error
  }
  throw new Error('the server found nothing wrong')
}

function syntaxError(sql: string): number | null {
  try {
    parser.parse(sql)
    return null
  } catch (error) {
    if (error instanceof SqlSyntaxError) return error.offset
    throw error
  }
}
