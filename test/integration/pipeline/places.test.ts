import { expect, test } from 'vitest'

import { SqlError } from '../../../src/errors.ts'
import { leftovers } from '../../support/catalog.ts'
import { makeWorld } from '../../support/world.ts'

interface Mistake {
  /** The mark ⟦ stands before the place that the error has to point to. */
  text: string
  message: RegExp
  settings?: string
}

const mistakes: Record<string, Mistake> = {
  'at an unknown column': {
    text: 'select id,\n       ⟦nothing\nfrom source',
    message: /column "nothing" does not exist/,
  },
  'at an unknown column after a reference that was replaced by a longer text': {
    text: 'select a.id from first.a as a where a.id > 0 and ⟦a.nothing = 1',
    message: /column a.nothing does not exist/,
  },
  'at an unknown column between two replaced references on one line': {
    text: 'select * from first.a join first.a b on ⟦b.nothing = 1 join first.a c using (id)',
    message: /column b.nothing does not exist/,
  },
  'at an unknown relation': {
    text: 'select 1\nfrom first.a, ⟦nowhere',
    message: /relation "nowhere" does not exist/,
  },
  'at an unknown schema': {
    text: 'select 1 from first.a\njoin ⟦no_schema.nowhere using (id)',
    message: /"no_schema.nowhere" does not exist/,
  },
  'at an unknown function, as of an extension that is missing': {
    text: "select ⟦digest('x', 'sha256') from first.a",
    message: /function digest\(unknown, unknown\) does not exist/,
  },
  'after text beyond ASCII and beyond the basic plane': {
    text: "select 'Zürich 京都 😀' as name, first.a.id, ⟦nothing from first.a",
    message: /"nothing" does not exist/,
  },
  'in a file with CRLF': {
    text: 'select id\r\nfrom first.a\r\nwhere ⟦nothing = 1\r\n',
    message: /"nothing" does not exist/,
  },
  'below a comment and with a comment at its end': {
    text: '-- Größe\n/* two\n   lines */ select ⟦nothing from first.a -- the end',
    message: /"nothing" does not exist/,
  },
  'in a table': {
    text: 'select id from first.a\nwhere ⟦nothing = 1',
    message: /"nothing" does not exist/,
    settings: 'materialized: table',
  },
  'in a plain view': {
    text: 'select id from first.a\nwhere ⟦nothing = 1',
    message: /"nothing" does not exist/,
    settings: 'materialized: none',
  },
  'at a value that does not fit its type': {
    text: "select id from first.a\nwhere id = ⟦'one'",
    message: /invalid input syntax for type integer/,
  },
}

test.each(Object.entries(mistakes))(
  'an error of the server points into the user’s file %s',
  async (_, { text, message, settings = '' }) => {
    const sql = text.replace('⟦', '')
    const before = text.slice(0, text.indexOf('⟦')).split(/\r\n|\n/)
    const world = await makeWorld('create table source as select 1 as id', {
      'views/first/a.sql': 'select id from source',
      'views/first/wrong.sql': sql,
      'views/first/wrong.yaml': settings,
    })
    const ran = await world.duro(['refresh'])
    expect(ran.code).toBe(1)
    expect(ran.error).toBeInstanceOf(SqlError)
    expect(ran.error?.message).toMatch(message)
    expect(ran.error).toMatchObject({
      location: {
        file: 'views/first/wrong.sql',
        line: before.length,
        column: Array.from(before.at(-1) ?? '').length + 1,
        lineText: sql.split(/\r\n|\n/)[before.length - 1],
      },
    })
    expect(await leftovers(world.url)).toEqual([])
  },
)

test('a syntax error is found before anything is sent, with its place', async () => {
  const world = await makeWorld('', {
    'views/first/wrong.sql': "select 'é' as a,\n  b c d\nfrom x",
    'views/first/other.sql': 'select 1 as n',
  })
  const ran = await world.duro(['refresh'])
  expect(ran.code).toBe(2)
  expect(ran.error).toMatchObject({
    problems: [{ file: 'views/first/wrong.sql', line: 2, column: 7 }],
  })
  expect(await world.sql("select from pg_namespace where nspname = 'duro'")).toEqual([])
})
