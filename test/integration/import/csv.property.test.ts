import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { csvLine } from '../../../src/import/csv.ts'
import { pathOnly } from '../../support/python.ts'
import { makeWorld } from '../../support/world.ts'

// What PostgreSQL can hold: no NUL, no half of a surrogate pair.
const text = fc
  .oneof(
    fc.constantFrom(
      '',
      ' ',
      '"',
      '""',
      ',',
      '\n',
      '\r',
      '\r\n',
      '\\.',
      '\n\\.\n',
      '\\N',
      'null',
      "'",
      '\t',
      '\ufeff',
      '𝄞',
      'é',
    ),
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc
      .array(fc.constantFrom('"', ',', '\n', '\r', '\\', '.', 'a', ' ', 'ß'), { maxLength: 8 })
      .map((all) => all.join('')),
  )
  .filter((value) => !value.includes('\0'))
const rows = fc.array(fc.tuple(fc.option(text), fc.option(text)), { maxLength: 40 })

const copy = `import { copyFileSync } from 'node:fs'
copyFileSync(process.argv[2], process.argv[3])`

const columns = ['first "name"', 'näme, two']
const table = `"${columns[0]?.replaceAll('"', '""') ?? ''}" text, "${columns[1] ?? ''}" text`

test('every text, and null, comes out of the table as it went in', async () => {
  const world = await makeWorld(
    `create table source (${table}); create table lone (value text)`,
    {
      'views/first/same_select.sql': 'select * from source',
      'views/first/same — 1h.sql': `create table same (${table})`,
      'views/first/same.yaml': 'processor: [node, copy.mjs]',
      // A line of one column that is null is an empty line.
      'views/first/lone_select.sql': 'select * from lone',
      'views/first/lone — 1h.sql': 'create table lone (value text)',
      'views/first/lone.yaml': 'processor: [node, copy.mjs]',
      'views/first/copy.mjs': copy,
    },
    pathOnly,
  )
  await fc.assert(
    fc.asyncProperty(rows, async (values) => {
      await world.sql('truncate source, lone')
      const parameters = [values.map(([one]) => one), values.map(([, two]) => two)]
      await world.sql('insert into source select * from unnest($1::text[], $2::text[])', parameters)
      await world.sql('insert into lone select unnest($1::text[])', [parameters[0]])
      await world.refresh('--force')
      for (const [one, other] of [
        ['first.same', 'source'],
        ['first.lone', 'lone'],
      ]) {
        const differences = await world.sql(
          `(table ${one} except all table ${other}) union all (table ${other} except all table ${one})`,
        )
        expect(differences).toEqual([])
      }
    }),
    { numRuns: 8 },
  )
})

test('and so does what an import writes', async () => {
  const world = await makeWorld(
    '',
    {
      'views/first/same — 1h.sql': `create table same (${table})`,
      'views/first/same.yaml': 'import: { command: [cp, rows.csv] }',
    },
    pathOnly,
  )
  await fc.assert(
    fc.asyncProperty(rows, async (values) => {
      const csv = [columns, ...values].map((row) => csvLine(row)).join('')
      await world.project.update({ 'views/first/rows.csv': csv })
      await world.refresh('--force')
      const found = await world.sql<Record<string, string | null>>('table first.same')
      expect(found.map((row) => Object.values(row))).toEqual(values)
    }),
    { numRuns: 8 },
  )
})
