import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { query, useDatabase } from '../../support/database.ts'
import { makeRedshiftWorld } from '../../support/redshift/redshift-world.ts'
import { relationsOf } from '../../support/redshift/relations.ts'
import { startStandIn } from '../../support/redshift/start-stand-in.ts'
import { quoteRedshiftLiteral } from '../../../src/sql/redshift/quote-literal.ts'

const sources = ['create schema a', 'create table a.source (n int)', 'insert into a.source values (1)']

const traps = [
  `it's`,
  `back\\slash`,
  `\\'; drop table a.source; --`,
  `'; drop table a.source; --`,
  `\\\\'; drop table a.source; --`,
  `ends in a backslash \\`,
  `$$ a /* b -- c`,
  `"quoted" 'twice' \\n`,
]

const database = useDatabase()

test('a text comes back as it was, whatever it holds', async () => {
  const standIn = await startStandIn({ upstream: database.url })
  const character = fc.constantFrom(`'`, `\\`, `"`, `;`, `-`, `$`, `\n`, `%`, `a`, `é`, `京`, `😀`)
  const texts = fc.array(fc.string({ unit: character, maxLength: 12 }), { minLength: 20, maxLength: 20 })
  try {
    await fc.assert(
      fc.asyncProperty(texts, async (some) => {
        const columns = some.map((text, index) => `${quoteRedshiftLiteral(text)} as c${index}`)
        const [row] = await query(standIn.url(), `select ${columns.join(', ')}`)
        expect(Object.values(row ?? {})).toEqual(some)
      }),
      { numRuns: 25 },
    )
  } finally {
    await standIn.close()
  }
})

test('names, descriptions and labels of any kind break out of no statement', async () => {
  const files = Object.fromEntries(
    traps.flatMap((trap, index) => {
      const [stem, description] = [`views/a/v${index} ${trap.replaceAll(/[./]/g, '')}`, JSON.stringify(trap)]
      return [
        [`${stem}.sql`, 'select n, n as "od\'d" from a.source'],
        [`${stem}.yaml`, `interval: 1h\ndescription: ${description}\ncolumns: { n: ${description} }\n`],
      ]
    }),
  )
  const world = await makeRedshiftWorld(sources, files)
  for (let time = 0; time < 2; time++) {
    const { error } = await world.duro(['refresh', '--force'])
    expect(error).toBeNull()
  }
  const relations = await relationsOf(world)
  expect(relations).toHaveLength(traps.length + 1)
  expect(relations).toContain('a.source')
  const comments = await world.sql<{ description: string }>(
    `select distinct d.description from pg_description d join pg_class c on c.oid = d.objoid
     join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'a' and d.classoid = 'pg_class'::regclass`,
  )
  expect(comments.map((row) => row.description).toSorted()).toEqual(traps.toSorted())
  expect(await world.sql('select count(*) as n from duro.views')).toEqual([{ n: String(traps.length) }])
})

test('NUL is refused, and nothing is left', async () => {
  expect(() => quoteRedshiftLiteral('a\0b')).toThrow('NUL')
  const world = await makeRedshiftWorld(sources, {
    'views/a/one.sql': 'select n from a.source',
    'views/a/one.yaml': 'interval: 1h\ndescription: "a\\0b"',
  })
  const { code, error } = await world.duro(['refresh'])
  expect([code, error?.message]).toEqual([2, expect.stringContaining('NUL')])
  expect(await relationsOf(world)).toEqual(['a.source'])
})
