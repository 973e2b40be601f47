import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { runDuro, type CliResult } from '../support/cli.ts'
import { query, useDatabase } from '../support/database.ts'
import { writeProject, type TestProject } from '../support/project.ts'

const database = useDatabase()
let project: TestProject

beforeAll(async () => {
  await query(database.url, 'create table source as select generate_series(1, 3) as id')
  project = await writeProject({
    'duro.yaml': 'default_interval: 1h\n',
    'views/first/a.sql': 'select id from source',
    'views/first/b.sql': 'select id * 2 as id\nfrom first.a',
    'views/first/b.yaml': 'totals: { ids: sum(id) }',
    'views/first/b_test.sql': 'select id > 0 as positive from first.b',
  })
})
afterAll(() => project.cleanup())

const run = (...args: string[]): Promise<CliResult> =>
  runDuro(args, { cwd: project.root, env: { DATABASE_URL: database.url } })

/** All that the catalog holds, counted and hashed; statistics and sizes are no part of it. */
async function catalog(): Promise<unknown> {
  const rows = await query(
    database.url,
    `select (select string_agg(oid || relname || xmin, ',' order by oid) from pg_class) as classes,
            (select string_agg(oid || nspname || xmin, ',' order by oid) from pg_namespace) as schemas,
            (select string_agg(oid || proname, ',' order by oid) from pg_proc where oid >= 16384) as functions`,
  )
  return rows[0]
}

describe('before the first run', () => {
  test.each([
    ['plan', 0],
    ['plan --check', 10],
    ['plan --sql', 0],
    ['--json plan', 0],
    ['history', 0],
    ['--json history', 0],
    ['history last', 2],
    ['validate', 1],
  ])('%s ends with %i and changes nothing in the database', async (line, code) => {
    const before = await catalog()
    const result = await run(...line.split(' '))
    expect(result.stderr).not.toMatch(/^\s+at /m)
    expect(result.code).toBe(code)
    expect(await catalog()).toEqual(before)
  })
})

describe('a first refresh', () => {
  test('with --quiet prints nothing, and plan --check then ends with 0', async () => {
    const result = await run('refresh', '--quiet')
    expect(result).toEqual({ code: 0, signal: null, stdout: '', stderr: '' })
    expect((await run('plan', '--check')).code).toBe(0)
  })

  test('and others are in the history, newest first, with their views, alone as in the list', async () => {
    await run('refresh', 'first.b')
    const list = await run('--json', 'history')
    const { runs } = JSON.parse(list.stdout)
    expect(runs).toMatchObject([
      { outcome: 'published', built: 1, published: 1, failed: 0 },
      { outcome: 'published', built: 2, published: 2, failed: 0 },
    ])
    const last = await run('--json', 'history', 'last')
    expect(JSON.parse(last.stdout)).toMatchObject({
      type: 'run',
      ...runs[0],
      views: [{ view: 'first.b', outcome: 'published', rows: '3', error: null }],
    })
    const older = await run('history', String(runs[1].id))
    expect(older.stdout).toMatch(/first\.a +published/)
    expect(older.stdout).toMatch(/first\.b +published/)
    expect((await run('history')).stdout).toContain(String(runs[0].id))
  })

  test('of a run that is not known ends with 2', async () => {
    const { code, stderr } = await run('history', '20000101-000000-0000')
    expect(code).toBe(2)
    expect(stderr).toContain('there is no run 20000101-000000-0000')
  })
})

describe('with --json', () => {
  test('every line of a refresh is an object with a type, and stderr is empty', async () => {
    const { code, stdout, stderr } = await run('--json', 'refresh', '--force')
    expect(code).toBe(0)
    expect(stderr).toBe('')
    const types = stdout
      .trimEnd()
      .split('\n')
      .map((line) => String(JSON.parse(line).type))
    expect(types[0]).toBe('run-started')
    expect(types).toContain('totals-compared')
    expect(types.at(-1)).toBe('run-finished')
  })

  test.each(['plan', 'validate', 'cleanup', 'cleanup --dry-run', 'history', 'refresh'])(
    '%s prints nothing but JSON',
    async (line) => {
      const { code, stdout } = await run('--json', ...line.split(' '))
      expect(code).toBe(0)
      const lines = stdout.trimEnd().split('\n')
      expect(lines.map((text) => typeof JSON.parse(text))).toEqual(lines.map(() => 'object'))
    },
  )
})

test.each([
  ['refesh', "unknown command 'refesh'\n(Did you mean refresh?)"],
  [
    'refresh --wait soon',
    "option '--wait <duration>' argument 'soon' is invalid. It looks like 30s, 10m or 2h.",
  ],
  ['', 'no command was given'],
])('a wrong call (%s) with --json is told as JSON', async (line, message) => {
  const { code, stdout, stderr } = await run(...line.split(' ').filter((word) => word !== ''), '--json')
  expect(code).toBe(2)
  expect(stderr).toBe('')
  expect(JSON.parse(stdout)).toMatchObject({ version: 1, type: 'error', error: { code: 'usage', message } })
})

describe('a failure', () => {
  test('of SQL shows file, line, column and a caret in the user’s text, once, and ends with 1', async () => {
    await project.update({ 'views/first/b.sql': 'select id * 2 as id,\n  nothing\nfrom first.a' })
    const { code, stdout, stderr } = await run('refresh')
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toContain('views/first/b.sql:2:3')
    expect(stderr).toMatch(/^.*2 .*nothing$\n^[^\n\w]*\^/m)
    expect(stderr.match(/column "nothing" does not exist/g)).toHaveLength(1)
    expect(stderr).not.toContain('__duro_')
    expect(stderr).not.toMatch(/^\s+at /m)
    await project.update({ 'views/first/b.sql': 'select id * 2 as id\nfrom first.a' })
  })

  test('of a data test names the test, its file and rows, also with --quiet', async () => {
    await project.update({
      'views/first/b_test.sql': 'select true;\n\nselect id, id < 5 as small from first.b',
    })
    for (const flags of [[], ['--quiet']]) {
      const { code, stderr } = await run('refresh', '--force', ...flags)
      expect(code).toBe(1)
      expect(stderr).toContain('views/first/b_test.sql:3')
      expect(stderr).toMatch(/small/)
      expect(stderr).toMatch(/false/)
      expect(stderr).not.toContain('__duro_')
    }
    expect(await query(database.url, 'select count(*)::int as n from first.b')).toEqual([{ n: 3 }])
  })

  test('of validate ends with 1 and says what does not hold', async () => {
    const { code, stderr } = await run('validate')
    expect(code).toBe(1)
    expect(stderr).toContain('first.b')
    expect(stderr).toContain('views/first/b_test.sql')
  })
})
