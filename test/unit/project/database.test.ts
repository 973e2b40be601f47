import { describe, expect, test } from 'vitest'
import { ProblemsError } from '../../../src/errors.ts'
import { resolveDatabase, type DatabaseSources } from '../../../src/project/database.ts'
import { readDotenv } from '../../../src/project/dotenv.ts'
import { writeProject } from '../../support/project.ts'

const setting = (text: string) => ({ database: { text, file: 'duro.yaml', line: 1, column: 11 } })

const everything: DatabaseSources = {
  flag: 'postgres://flag/a',
  env: { DATABASE_URL: 'postgres://url/a', PGHOST: 'pg', PGDATABASE: 'a' },
  settings: setting('postgres://yaml/a'),
  dotenv: { DATABASE_URL: 'postgres://dotenv/a', PGHOST: 'dotenv-pg' },
}
const nothing: DatabaseSources = { flag: undefined, env: {}, settings: { database: null }, dotenv: {} }

describe('the first that names a database wins', () => {
  const { env, settings, dotenv } = everything
  test.each<[string, string, Partial<DatabaseSources>]>([
    ['--database', 'postgres://flag/a', everything],
    ['DATABASE_URL', 'postgres://url/a', { env, settings, dotenv }],
    ['PG* variables', 'postgres://pg/a', { env: { ...env, DATABASE_URL: '' }, settings, dotenv }],
    ['duro.yaml', 'postgres://yaml/a', { settings, dotenv }],
    ['.env', 'postgres://dotenv/a', { dotenv }],
    ['.env', 'postgres://dotenv-pg/', { dotenv: { ...dotenv, DATABASE_URL: '' } }],
  ])('%s: %s', (from, url, sources) => {
    expect(resolveDatabase({ ...nothing, ...sources })).toEqual({ kind: 'url', url, from })
  })
})

test.each<[string, Partial<DatabaseSources>]>([
  ['--database', { flag: 'embedded' }],
  ['DATABASE_URL', { env: { DATABASE_URL: 'embedded' } }],
  ['duro.yaml', { settings: setting('embedded') }],
  ['.env', { dotenv: { DATABASE_URL: 'embedded' } }],
])('embedded by %s', (from, sources) => {
  expect(resolveDatabase({ ...nothing, ...sources })).toEqual({ kind: 'embedded', from })
})

test('without any the error says what to set', () => {
  expect(() => resolveDatabase(nothing)).toThrow(
    expect.objectContaining({
      code: 'usage',
      message: 'no database is set',
      hint:
        'Give --database, set DATABASE_URL or PGHOST and PGDATABASE, or write "database:" in duro.yaml: ' +
        'a postgres:// URL, or "embedded" for a local server of its own.',
    }),
  )
  expect(() => resolveDatabase({ ...nothing, settings: null, env: { PGSERVICE: 'sales' } })).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('PGSERVICE is not read.') }),
  )
})

describe('PG* variables', () => {
  test.each<[Record<string, string>, string]>([
    [
      { PGHOST: 'db', PGPORT: '5433', PGDATABASE: 'sales', PGUSER: 'joan', PGPASSWORD: 'p@ss/w#rd%' },
      'postgres://joan:p%40ss%2Fw%23rd%25@db:5433/sales',
    ],
    [{ PGHOST: '::1', PGUSER: 'joan' }, 'postgres://joan@[::1]/'],
    [{ PGHOST: '/tmp', PGUSER: 'joan' }, 'postgres:///?host=%2Ftmp&user=joan'],
    [{ PGHOST: 'db', PGPASSWORD: 'x y' }, 'postgres://db/?password=x%20y'],
    [{ PGDATABASE: 'Näme' }, 'postgres:///N%C3%A4me'],
  ])('%o', (env, url) => {
    expect(resolveDatabase({ ...nothing, env })).toEqual({ kind: 'url', url, from: 'PG* variables' })
  })

  test('a user and a password alone name no database', () => {
    const env = { PGUSER: 'joan', PGPASSWORD: 'secret', PGPORT: '5433' }
    expect(resolveDatabase({ ...nothing, env, settings: setting('postgres://yaml/a') }).from).toBe(
      'duro.yaml',
    )
    expect(() => resolveDatabase({ ...nothing, env })).toThrow('no database is set')
  })

  test.each([
    ['require', 'postgres://db/?sslmode=verify-full'],
    ['disable', 'postgres://db/?sslmode=disable'],
    ['allow', 'postgres://db/'],
  ])('pg does not see PGSSLMODE=%s in .env, so the URL says it', (PGSSLMODE, url) => {
    expect(resolveDatabase({ ...nothing, dotenv: { PGHOST: 'db', PGSSLMODE } })).toMatchObject({ url })
    expect(resolveDatabase({ ...nothing, env: { PGHOST: 'db', PGSSLMODE } })).toMatchObject({
      url: 'postgres://db/',
    })
  })

  test('the environment completes what .env names', () => {
    const sources = { env: { PGUSER: 'joan' }, dotenv: { PGHOST: 'db', PGUSER: 'jane', PGDATABASE: 'sales' } }
    expect(resolveDatabase({ ...nothing, ...sources })).toMatchObject({ url: 'postgres://joan@db/sales' })
  })
})

describe('variables in duro.yaml', () => {
  const settings = setting('postgres://${USER_NAME}:${PASSWORD}@db/sales')

  test('the environment goes before .env', () => {
    const sources = { env: { USER_NAME: 'joan' }, dotenv: { USER_NAME: 'jane', PASSWORD: 'x' } }
    expect(resolveDatabase({ ...nothing, ...sources, settings })).toMatchObject({
      url: 'postgres://joan:x@db/sales',
    })
  })

  test('those that are not set, or empty, are pointed at', () => {
    const error = thrownBy({ ...nothing, settings, env: { PASSWORD: '' } })
    expect(error).toBeInstanceOf(ProblemsError)
    expect(error).toMatchObject({
      code: 'project',
      problems: [
        { file: 'duro.yaml', line: 1, column: 22, message: '${USER_NAME} is not set' },
        { file: 'duro.yaml', line: 1, column: 35, message: '${PASSWORD} is not set' },
      ],
    })
  })

  test('do not matter when another database is used', () => {
    expect(resolveDatabase({ ...nothing, settings, flag: 'embedded' }).kind).toBe('embedded')
  })
})

test.each<[string, Partial<DatabaseSources>]>([
  ['--database begins with mysql://, which is not', { flag: 'mysql://joan:secret@db/a' }],
  ['--database is not a URL', { flag: '' }],
  ['DATABASE_URL cannot be read as a URL', { env: { DATABASE_URL: 'postgres://joan:sec#ret@db/a' } }],
  ['DATABASE_URL in .env is not a URL', { dotenv: { DATABASE_URL: 'secret' } }],
  ['what the PG* variables make cannot be read', { env: { PGHOST: 'db', PGUSER: 'x', PGPORT: 'secret' } }],
])('%s', (message, sources) => {
  const error = thrownBy({ ...nothing, ...sources })
  expect(error).toMatchObject({ code: 'usage', message: expect.stringContaining(message) })
  expect(JSON.stringify(error)).not.toContain('secret')
})

test('a wrong URL in duro.yaml is pointed at, and not shown', () => {
  const error = thrownBy({ ...nothing, settings: setting('mysql://joan:secret@db/a') })
  expect(error).toMatchObject({
    problems: [{ line: 1, column: 11, message: expect.stringContaining('database begins with mysql://') }],
  })
  expect(JSON.stringify(error)).not.toContain('secret')
})

test('.env is read where there is one', async () => {
  const project = await writeProject({
    '.env': '\uFEFFDATABASE_URL="postgres://db/a" # live\nexport PGUSER=joan\n',
  })
  expect(readDotenv(project.root)).toEqual({ DATABASE_URL: 'postgres://db/a', PGUSER: 'joan' })
  await project.update({ '.env': null })
  expect(readDotenv(project.root)).toEqual({})
  await project.cleanup()
})

function thrownBy(sources: DatabaseSources): unknown {
  try {
    return resolveDatabase(sources)
  } catch (error) {
    return error
  }
}
