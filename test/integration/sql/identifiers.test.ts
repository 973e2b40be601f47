import * as fc from 'fast-check'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { cutIdentifier, foldIdentifier, quoteIdentifier, quoteLiteral } from '../../../src/sql/identifiers.ts'
import { keywordsThatNeedQuotes } from '../../../src/sql/keywords.ts'
import { builtInTypes } from '../../../src/sql/postgres/built-in-types.ts'
import { splitQualifiedName } from '../../../src/sql/postgres/qualified-name.ts'
import { useDatabase } from '../../support/database.ts'
import { serverVersionNumber } from '../../support/pg-version.ts'

const database = useDatabase()
let client: Client

beforeAll(async () => {
  client = new Client({ connectionString: database.url })
  await client.connect()
})
afterAll(() => client.end())

async function value<T>(sql: string, ...parameters: unknown[]): Promise<T | undefined> {
  const { rows } = await client.query<{ value: T }>(sql, parameters)
  return rows[0]?.value
}

const character = fc.constantFrom('a', 'b', 'A', 'É', 'é', '😀', '"', "'", '\\', '.', ' ', '_', '1', '$')
const name = fc.string({ unit: character, minLength: 1, maxLength: 70 })

describe('on the server', () => {
  test('every reserved word is known', async () => {
    const words = await value<string[]>(
      `select array_agg(word order by word) as value from pg_get_keywords() where catcode <> 'U'`,
    )
    expect(words?.filter((word) => !keywordsThatNeedQuotes.has(word))).toEqual([])
  })

  test('every built-in type is known', async () => {
    const types = await value<string[]>(
      `select array_agg(typname::text order by typname) as value from pg_type
       where typnamespace = 'pg_catalog'::regnamespace and typname !~ '^(pg_|_)'`,
    )
    expect(types?.filter((type) => !builtInTypes.has(type))).toEqual([])
  })

  test('a quoted name is read as that name, cut to 63 bytes', async () => {
    await fc.assert(
      fc.asyncProperty(name, async (text) => {
        const { fields } = await client.query(`select 1 as ${quoteIdentifier(text)}`)
        expect(fields[0]?.name).toBe(cutIdentifier(text))
      }),
      { numRuns: 200 },
    )
  })

  test('names are quoted like the server does', async () => {
    const words = [...keywordsThatNeedQuotes, ...builtInTypes, 'cities', 'Cities', 'a"b', '1a', '😀']
    for (const word of words) {
      const quoted = await value('select quote_ident($1) as value', word)
      // What only a newer version reserves is quoted on all of them.
      const isOlder = serverVersionNumber() < 180000 && quoted === word
      expect(quoteIdentifier(word)).toBe(isOlder && keywordsThatNeedQuotes.has(word) ? `"${word}"` : quoted)
    }
  })

  test('an unquoted name is folded like the server does', async () => {
    const { fields } = await client.query('select 1 as Aé_É$1')
    expect(fields[0]?.name).toBe(foldIdentifier('Aé_É$1'))
  })

  test.each(['on', 'off'])(
    'a literal is read as its text, standard_conforming_strings = %s',
    async (setting) => {
      await client.query(`set standard_conforming_strings = ${setting}; set escape_string_warning = off`)
      await fc.assert(
        fc.asyncProperty(name, async (text) => {
          expect(await value(`select ${quoteLiteral(text)} as value`)).toBe(text)
        }),
        { numRuns: 200 },
      )
    },
  )

  test('the text of a regclass is split like the server does', async (context) => {
    context.skip(serverVersionNumber() < 160000, 'older servers complain about the schema alone')
    const unit = fc.constantFrom('a', 'A', 'É', '"', '""', '.', ' ', '\t', '1')
    await fc.assert(
      fc.asyncProperty(fc.string({ unit, minLength: 1, maxLength: 9 }), async (text) => {
        expect(splitQualifiedName(text)).toEqual(await splitByServer(text))
      }),
      { numRuns: 1000 },
    )
  })
})

/** to_regclass does not say how it has read a name; the error of a regclass does. */
async function splitByServer(text: string): Promise<string[] | null> {
  if (/^(\d+|-)$/.test(text)) return null
  const found = await client.query('select $1::regclass', [text]).then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : null),
  )
  const match = /^relation "(.*)" does not exist$/s.exec(found ?? '')
  const crossDatabase = /^cross-database references are not implemented: "(.*)"$/s.exec(found ?? '')
  const message = match?.[1] ?? crossDatabase?.[1]
  if (message === undefined) return null
  const parts = splitQualifiedName(text)
  // The message does not quote, so that a dot in a name reads like one between names.
  return parts?.join('.') === message ? parts : [message]
}
