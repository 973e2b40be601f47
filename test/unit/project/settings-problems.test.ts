import { describe, expect, test } from 'vitest'
import { problemsIn } from './load.ts'

const cities = { 'views/first/cities.sql': 'select 1' }

describe('a settings file in YAML', () => {
  test.each<[string, string[]]>([
    ['intervall: 1h', [':1:1 unknown key intervall (Did you mean interval?)']],
    [
      'interval: 1h\n---\ntags: [a]\n',
      [
        ':2:1 a second document begins here, and settings are one (Take the line away, or write the other settings into a file of their own.)',
      ],
    ],
    ['---\ninterval: 0h\n', [':2:11 interval must be longer than nothing']],
    ['colour: red', [':1:1 unknown key colour']],
    [
      'interval: 24',
      [':1:11 interval is not a duration (Write a whole number and m, h, d or w, such as 30m or 24h.)'],
    ],
    ['interval: 0h', [':1:11 interval must be longer than nothing']],
    ['interval: [1h]', [':1:11 interval must be a single value']],
    ['materialized: yes', [':1:15 materialized must be view, table or none']],
    ['tags:\n  - a\n  - [b]', [':3:5 an item of tags must be a single value']],
    ['tags: [a, ""]', [':1:12 an item of tags must not be empty']],
    ['grant_select: [+]', [':1:16 an item of grant_select must name something behind the sign']],
    ['depends_on: people', [':1:13 an item of depends_on must be written as schema.name']],
    ['indexes: [{ columns: [] }]', [':1:22 indexes.columns must name at least one column']],
    ['indexes:\n  - unique: true', [':2:5 indexes.columns is missing']],
    [
      'indexes:\n  - columns: a\n    where: a > 0; select 1',
      [':3:19 indexes.where: a second statement begins here'],
    ],
    [
      'indexes: [{ columns: a, where: "a > 0; select 1" }]',
      [':1:33 indexes.where: a second statement begins here'],
    ],
    [
      'indexes: [{ columns: [b, "a); select (1"] }]',
      [':1:27 indexes.columns: a second statement begins here'],
    ],
    ['indexes: ["a); drop table x; --"]', [':1:12 indexes.columns: a second statement begins here']],
    [
      'indexes: [{ columns: a, method: "gin (a); select 1 --" }]',
      [':1:34 indexes.method: a second statement begins here'],
    ],
    ['indexes: [{ columns: a, where: a > }]', [':1:35 indexes.where: the expression ends too early']],
    [
      'indexes: [{ columns: [a b c], where: a = $1 }]',
      [':1:42 indexes.where: nothing gives the parameter $1 a value'],
    ],
    ['indexes: [{ columns: a, unique: maybe }]', [':1:33 indexes.unique must be true or false']],
    ['indexes: [{ columns: a, using: gin }]', [':1:25 unknown key indexes.using']],
    ['totals: sum(a)', [':1:9 totals must hold keys and values']],
    ['totals: { amount: sum(a }', [':1:19 totals.amount: the expression ends too early']],
    ['totals: { a: max(b), amount: "sum(a" }', [':1:31 totals.amount: the expression ends too early']],
    [
      'totals: { amount: sum(a)); delete from t; select (1 }',
      [':1:28 totals.amount: a second statement begins here'],
    ],
    ['totals: { amount: sum($1) }', [':1:23 totals.amount: nothing gives the parameter $1 a value']],
    ['totals: { rows: count(*) }', [':1:11 totals.rows is always there and cannot be declared']],
    [
      'totals: { amount: sum(a) }\nlimits: { amont: { max_decrease: 5% } }',
      [':2:11 limits.amont names no total (Did you mean amount?)'],
    ],
    [
      'limits: { amount: { max_decrease: 5% } }',
      [':1:11 limits.amount names no total (Declare it under totals: amount: sum(…).)'],
    ],
    [
      'limits: { rows: { max_decrease: five } }',
      [':1:33 limits.rows.max_decrease must be a number or a percentage, such as 100 or 5%'],
    ],
    ['tests: { unique: [[]] }', [':1:19 an item of tests.unique must name at least one column']],
    ['tests: { accepted_values: { a: [] } }', [':1:32 tests.accepted_values.a must name at least one value']],
    [
      'tests: { accepted_values: [{ column: a }] }',
      [':1:27 tests.accepted_values must hold keys and values'],
    ],
    [
      'tests: { relationships: [{ column: a, to: people }] }',
      [
        ':1:26 tests.relationships.field is missing',
        ':1:43 tests.relationships.to must be written as schema.name',
      ],
    ],
    [
      'timeout: soon',
      [':1:10 timeout is not a duration (Write a whole number and m, h, d or w, such as 30m or 24h.)'],
    ],
    [
      'materialized: none\nindexes: a',
      [
        ':2:1 first.cities is a plain view (materialized: none), which cannot have indexes ' +
          '(Take the indexes away ("indexes: null" where they are inherited), or materialize the view.)',
      ],
    ],
    ['- a', [':1:1 settings are keys and values, such as "interval: 1h"']],
    ['just text', [':1:1 settings are keys and values, such as "interval: 1h"']],
    ['tags: a\r\ninterval: 1h\r\ntags: b', [':3:1 tags is set twice']],
    ['totals:\n\ta: sum(a)', [':2:1 Tabs are not allowed as indentation']],
    ['tags: &t [a]\ngrant_select: *t', [':2:15 aliases are not read in settings (Write the value out.)']],
    ['tags: [a', [':1:9 Flow sequence in block collection must be sufficiently indented and end with a ]']],
    ['tags: !mine a', [':1:7 Unresolved tag: !mine']],
    ['[a]: b', [':1:1 a key must be text']],
  ])('%j', async (yaml, problems) => {
    const file = 'views/first/cities.yaml'
    expect(await problemsIn({ ...cities, [file]: yaml })).toEqual(problems.map((problem) => file + problem))
  })
})

describe('a settings file of lines', () => {
  test.each<[string, string[]]>([
    ['# fine\n\n  intervall = 1h', [':3:3 unknown key intervall (Did you mean interval?)']],
    [
      'interval = 1x',
      [':1:12 interval is not a duration (Write a whole number and m, h, d or w, such as 30m or 24h.)'],
    ],
    ['tags = a, [b', []],
    ['tags = [a', [':1:10 Flow sequence must end with a ]']],
    ['interval', [':1:1 expected "key = value"']],
    ['= 1h', [':1:1 a key is missing before "="']],
    ['totals. = 1h', [':1:1 a key is missing before "="']],
    ['interval = 1h\r\ninterval = 2h', [':2:1 interval is set twice']],
    ['totals.a = sum(a)\ntotals.a = sum(b)', [':2:1 totals.a is set twice']],
    ['totals = sum(a)\ntotals.a = sum(b)', [':2:1 totals is set twice']],
    ['tags = a\ntags = b', [':2:1 tags is set twice']],
    ['indexes += a', [':1:1 indexes does not take "+=" (grant_select and tags do.)']],
    ['depends_on = first.people, people', [':1:28 an item of depends_on must be written as schema.name']],
    [
      'limits.rows.max_decrease = 5 %',
      [':1:28 limits.rows.max_decrease must be a number or a percentage, such as 100 or 5%'],
    ],
  ])('%j', async (conf, problems) => {
    const file = 'views/first/cities.conf'
    expect(await problemsIn({ ...cities, [file]: conf })).toEqual(problems.map((problem) => file + problem))
  })
})

describe('duro.yaml', () => {
  test.each<[string, string[]]>([
    ['concurrency: 0', [':1:14 concurrency must be a whole number of at least 1']],
    ['concurrency: many', [':1:14 concurrency must be a whole number of at least 1']],
    ['one_instant: "true"', [':1:15 one_instant must be true or false']],
    ['engine: mysql', [':1:9 engine must be postgres or redshift']],
    ['state_schema: pg_duro', [':1:15 state_schema must not begin with pg_']],
    ['state_schema: duro_${STAGE}', [':1:20 ${STAGE} is not set (Set it in the environment or in .env.)']],
    ['swap: { give_up: 10m }', [':1:9 unknown key swap.give_up']],
    ['swap: 10m', [':1:7 swap must hold keys and values']],
    ['database: postgres://${NOT_SET}@db/a', []],
  ])('%j', async (yaml, problems) => {
    expect(await problemsIn({ ...cities, 'duro.yaml': yaml })).toEqual(
      problems.map((problem) => `duro.yaml${problem}`),
    )
  })

  test.each([
    ['/tmp/views', 'must be relative to the folder of duro.yaml'],
    ['a/../../views', 'must lie within the folder of duro.yaml'],
  ])('views: %s', async (folder, problem) => {
    expect(await problemsIn({ ...cities, 'duro.yaml': `views: ${folder}` })).toEqual([
      `duro.yaml:1:8 views ${problem}`,
    ])
  })

  test('a mistake in it hides nothing in the views it names', async () => {
    const files = { 'duro.yaml': 'views: sql\nconcurency: 1', 'sql/first/a.sql': 'selec' }
    expect(await problemsIn(files)).toEqual([
      'duro.yaml:2:1 unknown key concurency (Did you mean concurrency?)',
      'sql/first/a.sql:1:1 syntax error at or near "selec"',
    ])
  })
})

describe('settings that do not agree', () => {
  const file = 'views/first/cities.yaml'

  test.each([
    ['interval: 1h', ":1:11 interval is 1h here and 24h in the name of the view's file (Keep one of them.)"],
    ['interval:', ":1:10 interval is null here and 24h in the name of the view's file (Keep one of them.)"],
  ])('%j', async (yaml, problem) => {
    const files = { 'views/first/cities — 24h.sql': 'select 1', [file]: yaml }
    expect(await problemsIn(files)).toEqual([file + problem])
  })

  test('the same interval twice is fine, as is another one for the schema', async () => {
    const files = {
      'views/first/cities — 24h.sql': 'select 1',
      [file]: 'interval: 1d',
      'views/first.yaml': 'interval: 1h',
    }
    expect(await problemsIn(files)).toEqual([])
  })

  test('an inherited limit is wrong when none of its views has the total', async () => {
    const files = {
      ...cities,
      'views/first/people.sql': 'select 1',
      'views/first/people.yaml': 'totals: { amount: sum(a) }',
      'views/first.yaml': 'limits:\n  amount: { max_decrease: 5% }\n  other: { max_decrease: 5% }\n',
    }
    expect(await problemsIn(files)).toEqual([
      'views/first.yaml:3:3 limits.other names no total (Declare it under totals: other: sum(…).)',
    ])
  })

  test('a mistake in inherited settings is told once', async () => {
    const files = { ...cities, 'views/first/people.sql': 'select 1', 'views/global.yaml': 'tag: a' }
    expect(await problemsIn(files)).toEqual(['views/global.yaml:1:1 unknown key tag (Did you mean tags?)'])
  })
})
