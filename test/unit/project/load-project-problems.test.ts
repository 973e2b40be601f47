import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { problemsIn, type LoadOptions } from './load.ts'

type Files = Parameters<typeof problemsIn>[0]

const cities = { 'views/first/cities.sql': 'select 1' }
const DURATION = '(Write a whole number and m, h, d or w, such as 30m or 24h.)'
const FIRST_VIEW =
  '(Begin with a select in views/first/cities — 24h.sql, or say where the views are with "views:" in duro.yaml.)'

test('every problem is found in one pass, in the order of the files and lines', async () => {
  const files = {
    'duro.yaml': 'concurency: 2\ndefaults:\n  intervall: 1h\n',
    'views/first/cities — 24h.sql': 'select 1 as a,\r\n  $1;\r\n\r\n  select 2',
    'views/first/cities.yaml': 'grant_select:\n  reporter: yes\ntotals: { rows: count(*) }\n',
    'views/first/people — 24x.sql': '-- people\n  delete from a',
    'views/first/shops.sql': 'select *\nfrom a b c',
    'views/first/shops_test.sql': 'selec 1',
    'views/second.conf': 'tags = x',
  }
  expect(await problemsIn(files)).toEqual([
    'duro.yaml:1:1 unknown key concurency (Did you mean concurrency?)',
    'duro.yaml:3:3 unknown key defaults.intervall (Did you mean interval?)',
    'views/first/cities — 24h.sql:2:3 nothing gives the parameter $1 a value (Write the value itself.)',
    'views/first/cities — 24h.sql:4:3 a second statement begins here (The file of a view holds one select.)',
    'views/first/cities.yaml:2:3 an item of grant_select must be a single value',
    'views/first/cities.yaml:3:11 totals.rows is always there and cannot be declared',
    `views/first/people — 24x.sql "24x" in the name is not an interval ${DURATION}`,
    'views/first/people — 24x.sql:2:3 a view must be a select that only reads',
    'views/first/shops.sql:2:10 syntax error at or near "c"',
    'views/first/shops_test.sql:1:1 syntax error at or near "selec"',
    'views/second.conf settings for the schema second, which has no view',
  ])
})

describe('names', () => {
  const long = 'ä'.repeat(32)
  test.each<[Files, string]>([
    [{ 'views/first/cities — .sql': 'select 1' }, `the name ends in a dash, without an interval ${DURATION}`],
    [{ 'views/first/cities — 0h.sql': 'select 1' }, `"0h" in the name is not an interval ${DURATION}`],
    [{ 'views/first/ — 1h.sql': 'select 1' }, 'a name is missing'],
    [{ 'views/first..sql': 'select 1' }, 'a name is missing'],
    [{ 'views/a.b.c.sql': 'select 1' }, 'the name "a.b.c" has more than one dot'],
    [{ 'views/first/a.b.sql': 'select 1' }, 'the name "a.b" has a dot'],
    [
      { 'views/first/first.cities.sql': 'select 1' },
      'the name "first.cities" has a dot (In the folder first it is called cities.)',
    ],
    [{ 'views/fi.rst/a.sql': 'select 1' }, 'the name "fi.rst" has a dot'],
    [{ 'views/first/a .sql': 'select 1' }, 'the name "a " begins or ends with white space'],
    [
      { [`views/first/${long}.sql`]: 'select 1' },
      `the name "${long}" is longer than the 63 bytes PostgreSQL keeps`,
    ],
    [
      { [`views/${long}/a.sql`]: 'select 1' },
      `the name "${long}" is longer than the 63 bytes PostgreSQL keeps`,
    ],
    [
      { 'views/cities.sql': 'select 1' },
      'names no schema (Call it schema.cities, or put it into a folder for its schema.)',
    ],
    [
      { 'views/first/second/a.sql': 'select 1' },
      'lies too deep (The only folders among the views are those of the schemas.)',
    ],
    [
      { 'views/duro/a.sql': 'select 1' },
      'the schema duro is for what duro keeps about its runs (Choose another schema, or set "state_schema:" in duro.yaml.)',
    ],
    [{ 'views/pg_catalog/a.sql': 'select 1' }, "the schema pg_catalog is PostgreSQL's own"],
    [
      { 'views/first__duro_new/a.sql': 'select 1' },
      'the name of the schema first__duro_new is for new and old versions of views',
    ],
    [{ 'views/first/a.SQL': 'select 1' }, '.SQL files are not read (Did you mean .sql?)'],
    [
      { ...cities, 'views/first/cities_test — 1h.sql': 'select 1' },
      '"1h" in the name: only a view has an interval there (The rest of the name is enough: cities.)',
    ],
  ])('%j', async (files, problem) => {
    const file = Object.keys(files).at(-1) ?? ''
    expect(await problemsIn(files)).toEqual([`${file} ${problem}`])
  })
})

describe('two files for one thing', () => {
  test.each<[Files, string]>([
    [
      { 'views/first/cities — 24h.sql': 'select 1', 'views/first/cities.sql': 'select 1' },
      'first.cities, beside views/first/cities — 24h.sql',
    ],
    [{ 'views/first.cities.sql': 'select 1', ...cities }, 'first.cities, beside views/first.cities.sql'],
    [
      {
        ...cities,
        'views/first.cities_test.sql': 'select true',
        'views/first/cities_test.sql': 'select true',
      },
      'the test of first.cities, beside views/first.cities_test.sql',
    ],
    [
      { ...cities, 'views/first/cities.conf': '', 'views/first/cities.yaml': '' },
      'the settings of first.cities, beside views/first/cities.conf',
    ],
    [
      { ...cities, 'views/first/cities.yaml': '', 'views/first/cities.yml': '' },
      'the settings of first.cities, beside views/first/cities.yaml',
    ],
    [
      { ...cities, 'views/first.conf': '', 'views/first.yaml': '' },
      'the settings of the schema first, beside views/first.conf',
    ],
    [
      { ...cities, 'views/global.conf': '', 'views/global.yaml': '' },
      'the settings of all views, beside views/global.conf',
    ],
  ])('%j', async (files, problem) => {
    const file = Object.keys(files).at(-1) ?? ''
    expect(await problemsIn(files)).toEqual([`${file} a second file for ${problem} (Keep one of them.)`])
  })
})

describe('files that belong to nothing', () => {
  test.each<[Files, string]>([
    [
      { ...cities, 'views/first/cites_test.sql': 'select true' },
      'a test of first.cites, and there is no such view (Did you mean first.cities?)',
    ],
    [
      { ...cities, 'views/first/a_test.sql': 'select true' },
      "a test of first.a, and there is no such view (A view's name cannot end in _test.)",
    ],
    [
      { ...cities, 'views/first/cites.conf': '' },
      'settings for first.cites, and there is no such view (Did you mean first.cities?)',
    ],
    [
      { ...cities, 'views/frist/cities.yaml': '' },
      'settings for frist.cities, and there is no such view (Did you mean first.cities?)',
    ],
    [
      { ...cities, 'views/furst.yaml': '' },
      'settings for the schema furst, which has no view (Did you mean first?)',
    ],
  ])('%j', async (files, problem) => {
    const file = Object.keys(files).at(-1) ?? ''
    expect(await problemsIn(files)).toEqual([`${file} ${problem}`])
  })
})

describe('no views', () => {
  test('no folder', async () => {
    expect(await problemsIn({})).toEqual([`views there is no such folder ${FIRST_VIEW}`])
  })

  test('an empty folder', async () => {
    expect(await problemsIn({ 'views/README.md': '' })).toEqual([
      `views there is no view in it ${FIRST_VIEW}`,
    ])
  })

  test('a duro.yaml that is not there', async () => {
    expect(await problemsIn(cities, gone)).toEqual([
      'duro.yaml cannot be read: it does not exist, or is a link to nothing',
    ])
  })

  const gone: LoadOptions = { prepare: (project) => project.update({ 'duro.yaml': null }) }
})

describe('SQL', () => {
  test.each<[string, string]>([
    ['', ' a view needs a select, and there is none'],
    ['-- later\n/* much later */', ' a view needs a select, and there is none'],
    [
      ' create table a ()',
      ':1:2 a view must be a select that only reads (A `create table` gets its rows from a processor or an import, and the view has neither.)',
    ],
    ['select 1 into a', ':1:1 a view must be a select that only reads'],
    ['with a as (delete from b returning *) select * from a', ':1:1 a view must be a select that only reads'],
    ['\uFEFFselect 1,\r\n  from', ':2:3 syntax error at or near "from"'],
    ["select '😀', from b", ':1:13 syntax error at or near "from"'],
  ])('%j', async (sql, problem) => {
    expect(await problemsIn({ 'views/first/a.sql': sql })).toEqual([`views/first/a.sql${problem}`])
  })

  test('a test needs a select, and nothing but selects', async () => {
    const tests = {
      ...cities,
      'views/first/cities_test.sql': 'select true;\ndrop table a',
      'views/first/b.sql': 'select 1',
      'views/first/b_test.sql': '',
    }
    expect(await problemsIn(tests)).toEqual([
      'views/first/b_test.sql a test needs a select, and there is none',
      'views/first/cities_test.sql:2:1 a test must be a select that only reads',
    ])
  })
})

describe('files that cannot be read', () => {
  test('bytes that are no UTF-8, a NUL, a folder, a link to nothing', async () => {
    const problems = await problemsIn(cities, {
      prepare: async (project) => {
        await writeFile(project.file('views/first/latin.sql'), Buffer.from("select '\xe4'", 'latin1'))
        await writeFile(project.file('views/first/utf16.sql'), Buffer.from('select 1', 'utf16le'))
        await mkdir(project.file('views/first/folder.sql'))
        await symlink(project.file('nowhere'), project.file('views/first/link.sql'))
      },
    })
    expect(problems).toEqual([
      'views/first/folder.sql is a folder, not a file',
      'views/first/latin.sql is not valid UTF-8 (Save the file as UTF-8.)',
      'views/first/link.sql cannot be read: it does not exist, or is a link to nothing',
      'views/first/utf16.sql holds a NUL character (Save the file as UTF-8.)',
    ])
  })

  test.skipIf(process.getuid?.() === 0)('missing permissions', async () => {
    const files = { ...cities, 'views/second/a.sql': 'select 1' }
    const problems = await problemsIn(files, {
      prepare: async (project) => {
        await chmod(project.file('views/first/cities.sql'), 0)
        await chmod(project.file('views/second'), 0)
      },
      restore: (project) => chmod(project.file('views/second'), 0o700),
    })
    expect(problems).toEqual([
      'views/first/cities.sql cannot be read: permission denied',
      'views/second cannot be read: permission denied',
    ])
  })
})
