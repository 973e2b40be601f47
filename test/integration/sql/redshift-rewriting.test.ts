import * as fc from 'fast-check'
import { Client, DatabaseError } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { loadRedshiftParser } from '../../../src/sql/redshift/redshift-parser.ts'
import { rewrite } from '../../../src/sql/rewrite.ts'
import { useDatabase } from '../../support/database.ts'
import { commonQuery } from '../../unit/sql/queries/redshift-relations.ts'
import { makeRedshiftWorld, renameAll, toSuffixed } from './redshift-world.ts'

const parser = await loadRedshiftParser()
const database = useDatabase()
let client: Client

beforeAll(async () => {
  client = new Client({ connectionString: database.url })
  await client.connect()
  await client.query(makeRedshiftWorld())
})
afterAll(() => client.end())

describe('a query rewritten to suffixed names gives what the original gives once the relations are renamed', () => {
  test.each([
    ['a column behind the name', 'select cities.n, first.cities.id from first.cities'],
    ['a star behind the name', 'select cities.*, first.cities.* from cities'],
    ['a whole row', 'select count(cities), max(cities::text) from first.cities'],
    ['a name that has to be quoted', 'select "user".n, first.user.id from first.user'],
    ['a word that only Redshift reserves', 'select tag.n, first.tag.id from first.tag where tag.n > 0'],
    [
      'two relations of one name',
      'select first.cities.n, "mixed case".cities.n from first.cities join "mixed case".cities on first.cities.id = "mixed case".cities.id',
    ],
    [
      'one that is renamed and one that is not',
      'select first.cities.n, second.cities.n from second.cities join first.cities on first.cities.id = second.cities.id',
    ],
    [
      'two of one name, with stars',
      'select first.cities.*, "mixed case".cities.* from first.cities, "mixed case".cities',
    ],
    [
      'an outer relation behind another of its name',
      'select (select max(cities.n) from second.cities where second.cities.id = first.cities.id), cities.n from first.cities',
    ],
    [
      'an outer relation behind an alias of its name',
      'select (select max(cities.n) from first.tag as cities where cities.id = first.cities.id), cities.n from first.cities',
    ],
    [
      'an outer relation behind a CTE of its name',
      'select (with cities as (select 1 as n) select cities.n + first.cities.n from cities) from first.cities',
    ],
    [
      'an outer relation behind two levels',
      `select cities.n from first.cities where exists (select 1 from "mixed case".cities where cities.n <> first.cities.n
      and exists (select 1 from second.cities where cities.id = "mixed case".cities.id and first.cities.id > 0))`,
    ],
    [
      'the same relation within and without',
      'select cities.n, (select max(cities.n) from first.cities where first.cities.id > 1) from first.cities',
    ],
    [
      'a CTE that reads the relation of its name',
      'with cities as (select first.cities.n from first.cities) select cities.n from cities',
    ],
    [
      'a join condition that sees one of two',
      'select first.cities.n from first.cities, first.tag join "mixed case".cities on cities.n >= 0, second.cities',
    ],
    ['a star behind the relation', 'select cities.n from first.cities *'],
    ['nothing between the words', 'select"cities"."n"from"first"."cities"where"first"."cities"."n">=0'],
    [
      'a group and an order',
      'select n, count(*) from first.cities group by first.cities.n order by first.cities.n',
    ],
    ['a join with using', 'select id, first.cities.n from first.cities join first.tag using (id) order by 1'],
    [
      'a set operation',
      'select first.cities.n from cities except select "mixed case".cities.n from "mixed case".cities',
    ],
    [
      'an alias that would be free is taken',
      'select first_cities.n, first.cities.n, second.cities.n from first.cities, second.cities, first.tag as first_cities',
    ],
    [
      'a literal',
      `select obj_description('first.cities'::regclass, 'pg_class'), cast('"mixed case"."a""b"' as regclass)::oid`,
    ],
  ])('%s', async (_, sql) => {
    const { before, after } = await compare(sql)
    expect(before.error).toBeNull()
    expect(before).toEqual(after)
    expect(before.rows.length).toBeGreaterThan(0)
  })

  test('for generated queries', async () => {
    let valid = 0
    const runs = 400
    await fc.assert(
      fc.asyncProperty(commonQuery, async ({ sql }) => {
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

interface Outcome {
  error: string | null
  columns: string[]
  rows: string[]
}

/** The rewritten query before the relations are renamed, against the original after it. */
async function compare(sql: string): Promise<{ before: Outcome; after: Outcome }> {
  const [statement] = parser.parse(sql)
  if (statement === undefined) throw new Error('there is no statement')
  const rewritten = toSuffixed(sql, statement)
  const original = rewrite(sql, statement, () => null)
  await client.query('begin')
  try {
    const before = await run(rewritten.text)
    await client.query(renameAll())
    return { before, after: await run(original.text) }
  } finally {
    await client.query('rollback')
  }
}

async function run(sql: string): Promise<Outcome> {
  const outcome: Outcome = { error: null, columns: [], rows: [] }
  await client.query('savepoint attempt')
  try {
    const result = await client.query<unknown[]>({ text: sql, rowMode: 'array' })
    outcome.columns = result.fields.map(({ name, dataTypeID }) => `${name} ${dataTypeID}`)
    outcome.rows = result.rows.map((row) => JSON.stringify(row)).toSorted()
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    outcome.error = error.code ?? error.message
    await client.query('rollback to savepoint attempt')
  }
  return outcome
}
