import { describe, expect, test } from 'vitest'
import { describeDefinition } from '../../../src/plan/definition.ts'
import { whatChanged } from '../../../src/plan/reason-text.ts'
import type { Files } from '../../support/project.ts'
import { load, problemsIn } from './load.ts'

const table = { 'views/first/a — 1h.sql': 'create table a (n integer)' }
const input = { 'views/first/a_select.sql': 'select n from first.b, source' }
const script = { 'views/first/a.py': 'print(1)' }
const requirements = { 'views/first/a_requirements.txt': 'six' }
const other = { 'views/first/b — 1h.sql': 'select 1 as n' }
const command = { 'views/first/a.yaml': 'processor: [node, a.mjs]' }
const imported = { 'views/first/a.yaml': 'import: { command: [curl, -o] }' }

const viewOf = async (files: Files, name = 'first.a') => {
  const view = (await load(files)).views.get(name)
  if (view === undefined) throw new Error(`${name} was not loaded`)
  return view
}

const definitionOf = async (files: Files) => describeDefinition(await viewOf(files), await load(files))

describe('what gives a view its rows', () => {
  test('a Python script', async () => {
    const view = await viewOf({ ...table, ...input, ...script, ...requirements, ...other })
    expect(view).toMatchObject({
      file: { path: 'views/first/a — 1h.sql', statement: { kind: 'create-table' } },
      feed: {
        kind: 'processor',
        select: { path: 'views/first/a_select.sql' },
        processor: {
          kind: 'python',
          script: { path: 'views/first/a.py', text: 'print(1)' },
          requirements: { text: 'six' },
        },
      },
      settings: { materialized: 'table' },
    })
  })

  test('any command, with those of its words that are files', async () => {
    const view = await viewOf({ ...table, ...input, ...command, 'views/first/a.mjs': 'x', ...other })
    expect(view.feed).toMatchObject({
      processor: { kind: 'command', command: ['node', 'a.mjs'], files: [{ path: 'views/first/a.mjs' }] },
    })
  })

  test('an import, also in the other form and with Dune’s columns as a list', async () => {
    expect((await viewOf({ ...table, ...imported })).feed).toMatchObject({ import: { kind: 'command' } })
    const conf = await viewOf({
      ...table,
      'views/first/a.conf': 'import.dune = { query_id: 7, columns: [n] }\nenv = A, B',
    })
    expect(conf).toMatchObject({
      feed: { import: { kind: 'dune', definition: '{"query_id":7,"columns":{"n":"n"}}' } },
      settings: { env: ['A', 'B'] },
    })
  })

  test('is a table whatever is inherited, and may have indexes', async () => {
    for (const inherited of ['none', 'view', 'table']) {
      const view = await viewOf({
        ...table,
        'duro.yaml': `defaults: { materialized: ${inherited} }`,
        'views/first/a.yaml': 'import: { command: [curl, -o] }\nindexes: [n]',
      })
      expect(view.settings).toMatchObject({ materialized: 'table', indexes: [{ columns: ['n'] }] })
    }
  })

  test('may say itself that it is a table', async () => {
    const own = { 'views/first/a.yaml': 'import: { command: [curl, -o] }\nmaterialized: table' }
    expect((await viewOf({ ...table, ...own })).settings.materialized).toBe('table')
  })

  test('modules that scripts import begin with an underscore', async () => {
    const project = await load({ ...table, ...input, ...script, ...other, 'views/first/_shared.py': '' })
    expect([...project.views.keys()]).toEqual(['first.a', 'first.b'])
  })
})

describe('what is missing or too much', () => {
  test.each<[string, Files, string[]]>([
    [
      'a script alone',
      { ...other, ...script },
      [
        'views/first/a.py the table of first.a is missing (Write its `create table` into a — 1h.sql.\n' +
          'A module that scripts import begins with an underscore.)',
        'views/first/a.py the script of first.a has nothing to read (Write a select into a_select.sql.)',
      ],
    ],
    [
      'an input alone',
      { ...other, ...input },
      [
        'views/first/a_select.sql the table of first.a is missing (Write its `create table` into a — 1h.sql.)',
      ],
    ],
    [
      'requirements without a script',
      { ...table, ...input, ...requirements },
      [
        'views/first/a_requirements.txt requirements of first.a, and there is no script (The script is a.py.)',
        'views/first/a_select.sql nothing reads this: first.a has no processor (Write a.py, or set "processor:" to a command.)',
      ],
    ],
    [
      'a script without an input, and a test without a view',
      { ...table, ...script, 'views/first/c_test.sql': 'select true' },
      [
        'views/first/a.py the script of first.a has nothing to read (Write a select into a_select.sql.)',
        'views/first/c_test.sql a test of first.c, and there is no such view (Did you mean first.a?)',
      ],
    ],
    [
      'a command without an input',
      { ...table, ...command },
      [
        'views/first/a.yaml:1:1 the processor of first.a has nothing to read (Write a select into a_select.sql.)',
      ],
    ],
    [
      'a command and a script',
      { ...table, ...input, ...script, ...command },
      [
        'views/first/a.yaml:1:1 first.a has a processor already, which is views/first/a.py (Keep one of them.)',
      ],
    ],
    [
      'an import and a script',
      { ...table, ...script, ...imported },
      [
        'views/first/a.py the script of first.a has nothing to read (Write a select into a_select.sql.)',
        'views/first/a.py first.a has an import, and can have no processor beside',
      ],
    ],
    [
      'a `create table` that nothing fills',
      table,
      [
        'views/first/a — 1h.sql:1:1 a view must be a select that only reads (A `create table` gets its rows from a processor or an import, and the view has neither.)',
      ],
    ],
    [
      'a select beside a processor',
      { ...input, ...script, 'views/first/a — 1h.sql': 'select 1' },
      [
        'views/first/a — 1h.sql:1:1 the file of a view with a processor or an import must be a `create table`',
      ],
    ],
    [
      'a `create table` of another name',
      { ...imported, 'views/first/a — 1h.sql': 'create table\n  second.a (n integer)' },
      ['views/first/a — 1h.sql:2:3 makes second.a, and the file is that of first.a'],
    ],
    [
      'two statements',
      { ...imported, 'views/first/a — 1h.sql': 'create table a (n integer);\ncreate table b ()' },
      [
        'views/first/a — 1h.sql:2:1 a second statement begins here (The file of a view holds one `create table`.)',
      ],
    ],
    [
      'a kind of its own that cannot be',
      {
        ...table,
        ...imported,
        ...other,
        'views/first.a.yaml': 'materialized: none',
        'views/first/b.yaml': 'materialized: view',
      },
      [
        'views/first.a.yaml:1:1 first.a has a processor or an import, and so is a table: it cannot be materialized as none (Take "materialized" away here.)',
      ],
    ],
    [
      'settings that say too little',
      { ...table, 'views/first/a.yaml': 'import: {}\nprocessor: []\nenv: [1x]' },
      [
        'views/first/a.yaml:1:9 import must have one of the keys command, dune',
        'views/first/a.yaml:2:12 processor must name a program',
        'views/first/a.yaml:3:7 an item of env must name a variable',
      ],
    ],
    [
      'settings that say too much',
      {
        ...table,
        'views/first/a.yaml': 'import:\n  dune: { query_id: x, query: 1 }\n  command: [a]\n  csv: b',
      },
      [
        'views/first/a.yaml:2:21 import.dune.query_id must be a whole number of at least 1',
        'views/first/a.yaml:2:24 unknown key import.dune.query',
        'views/first/a.yaml:4:3 unknown key import.csv',
      ],
    ],
  ])('%s', async (_, files, problems) => {
    expect(await problemsIn(files)).toEqual(problems)
  })
})

describe('the definition', () => {
  test('has every file in it, and says which has changed', async () => {
    const files = { ...table, ...input, ...script, ...requirements, ...other }
    const before = (await definitionOf(files)).sql
    expect(before).toBe(
      'create table a(n integer)\n-- a_select.sql\nselect n\nfrom first.b,\n  source\n-- a.py\nprint(1)\n-- a_requirements.txt\nsix',
    )
    const changed = async (more: Files) =>
      whatChanged({
        kind: 'changed',
        what: 'sql',
        before,
        after: (await definitionOf({ ...files, ...more })).sql,
      })
    expect(await changed({ 'views/first/a.py': 'print(2)' })).toBe('a.py')
    expect(await changed({ 'views/first/a_requirements.txt': 'six==1', 'views/first/a.py': '' })).toBe(
      'a.py and a_requirements.txt',
    )
    expect(await changed({ 'views/first/a — 1h.sql': 'create table a (n bigint)' })).toBe('its SQL')
    expect(await changed({ 'views/first/a_select.sql': 'select 2 as n' })).toBe('a_select.sql')
  })
})
