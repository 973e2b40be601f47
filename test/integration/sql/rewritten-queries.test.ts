import * as fc from 'fast-check'
import { Client, DatabaseError } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { loadPostgresParser } from '../../../src/sql/postgres/postgres-parser.ts'
import { rewrite } from '../../../src/sql/rewrite.ts'
import { useDatabase } from '../../support/database.ts'
import { arbitraryQuery } from '../../unit/sql/queries/arbitrary-query.ts'
import { traps } from '../../unit/sql/queries/traps.ts'
import { dropTheOld, exchange, makeTheWorld, toShadow } from './world.ts'

const parser = await loadPostgresParser()
const database = useDatabase()
let client: Client

beforeAll(async () => {
  client = new Client({ connectionString: database.url })
  await client.connect()
  // Where a server can, it would compile each of the queries for longer than it runs.
  await client.query('set jit = off')
  await client.query(makeTheWorld())
})
afterAll(() => client.end())

describe('a rewritten query gives what the original gives once the relations are exchanged', () => {
  test.each(traps)('$title', async ({ sql }) => {
    const { before, after } = await compare(sql)
    expect(before.error).toBeNull()
    expect(before).toEqual(after)
  })

  test('for generated queries', async () => {
    let valid = 0
    const runs = 400
    await fc.assert(
      fc.asyncProperty(arbitraryQuery, async ({ sql }) => {
        const { before, after } = await compare(sql)
        expect(before).toEqual(after)
        if (before.error === null) valid += 1
      }),
      { numRuns: runs, endOnFailure: true },
    )
    // Else the comparison would prove little.
    expect(valid / runs).toBeGreaterThan(0.95)
  })
})

/** What a query gives, and the view that it makes: where that reads the same, it is bound to the same relations. */
interface Outcome {
  error: string | null
  columns: string[]
  rows: string[]
  definition: string
}

/** The rewritten query and its view before the exchange against the original query and its view after it. */
async function compare(sql: string): Promise<{ before: Outcome; after: Outcome }> {
  const [statement] = parser.parse(sql)
  if (statement === undefined) throw new Error('there is no statement')
  const rewritten = toShadow(sql, statement)
  const original = rewrite(sql, statement, () => null)
  await client.query('begin')
  try {
    const before = await run(rewritten.text, 'checks.before')
    await client.query(exchange())
    // Else the old relations could not be dropped after the swap.
    if (before.error === null) await client.query(dropTheOld())
    const after = await run(original.text, 'checks.after')
    if (before.error === null) before.definition = await definition('checks.before')
    if (after.error === null) after.definition = await definition('checks.after')
    return { before, after }
  } finally {
    await client.query('rollback')
  }
}

async function run(sql: string, view: string): Promise<Outcome> {
  const outcome: Outcome = { error: null, columns: [], rows: [], definition: '' }
  await client.query('savepoint attempt')
  try {
    const result = await client.query<unknown[]>({ text: sql, rowMode: 'array' })
    outcome.columns = result.fields.map(({ name, dataTypeID }) => `${name} ${dataTypeID}`)
    outcome.rows = result.rows.map((row) => JSON.stringify(row)).toSorted()
    await client.query(`create view ${view} as ${sql}`)
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    outcome.error = error.code ?? error.message
    await client.query('rollback to savepoint attempt')
  }
  return outcome
}

async function definition(view: string): Promise<string> {
  const { rows } = await client.query<{ text: string }>('select pg_get_viewdef($1::regclass) as text', [view])
  return rows[0]?.text ?? ''
}
