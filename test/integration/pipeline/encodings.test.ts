import { escapeIdentifier } from 'pg'
import { describe, expect, inject, onTestFinished, test } from 'vitest'

import { charactersOf } from '../../../src/state/characters-of.ts'
import { query, withDatabase } from '../../support/database.ts'
import { duro, refresh, testFailures, type Ran } from '../../support/duro.ts'
import { serverVersionNumber } from '../../support/pg-version.ts'
import { writeProject, type Files, type TestProject } from '../../support/project.ts'

/** A database with an encoding of its own. */
async function makeEncoded(
  encoding: string,
  files: Files,
): Promise<{ url: string; project: TestProject; run: (...args: string[]) => Promise<Ran> }> {
  const adminUrl = inject('adminUrl')
  const name = `${inject('databasePrefix')}${encoding.toLowerCase()}_${process.pid}_${Date.now()}`
  await query(
    adminUrl,
    `create database ${escapeIdentifier(name)} encoding '${encoding}' template template0 lc_collate 'C' lc_ctype 'C' ${serverVersionNumber() >= 150000 ? 'locale_provider libc' : ''}`,
  )
  const project = await writeProject({ 'duro.yaml': 'default_interval: 1h\n', ...files })
  onTestFinished(async () => {
    await project.cleanup()
    await query(adminUrl, `drop database ${escapeIdentifier(name)} with (force)`)
  })
  const url = withDatabase(adminUrl, name)
  return { url, project, run: (...args) => duro(project, url, args) }
}

describe.each(['LATIN1', 'SQL_ASCII', 'WIN1251', 'EUC_JP', 'UTF8'])('in a database in %s', (encoding) => {
  test('a run writes down what it can of names and messages', async () => {
    const { url, project, run } = await makeEncoded(encoding, {
      'views/first/cities — 24h.sql': '-- 京 … “quoted”\nselect 1 as id',
      'views/first/b.sql': 'select id / (id - 1) as n from first.cities',
    })
    const failed = await run('refresh', '--exclude', 'views/first/no — such…')
    expect(failed.error?.message).toContain('no — such…')
    const broken = await run('refresh', 'views/first/cities — 24h.sql', 'first.b')
    expect(broken.error?.message).toMatch(/division by zero/)
    await project.update({ 'views/first/b.sql': 'select id as "n" from first.cities' })
    await project.update({ 'views/first/b_test.sql': '-- „same”\nselect n = 2 from first.b' })
    expect((await run('refresh')).error?.message).toMatch(/test/)
    await project.update({ 'views/first/b_test.sql': 'select n = 1 from first.b' })
    await refresh(project, url, ['views/first/cities — 24h.sql', 'first.b'])
    expect((await run('plan')).stdout).toContain('Nothing to do')
    const history = await run('history')
    expect(history.error).toBeNull()
  })

  test('a character that the server lacks is an error of the view', async (context) => {
    context.skip(
      encoding === 'UTF8' || encoding === 'SQL_ASCII' || encoding === 'EUC_JP',
      'the encoding has the character',
    )
    const { run, url } = await makeEncoded(encoding, { 'views/first/a.sql': "select '京' as city" })
    const { error } = await run('refresh')
    expect(error).toMatchObject({ code: 'build' })
    expect(await query(url, 'select error from duro.view_runs')).toEqual([
      { error: expect.stringContaining('has no equivalent in encoding') as unknown },
    ])
  })
})

test('a test of JSON with an escape that the encoding lacks says which view it is of, and what to do', async (context) => {
  context.skip(serverVersionNumber() < 160000, 'before 16 the server names the character, and not the escape')
  const { run } = await makeEncoded('LATIN1', {
    'views/first/odd.sql': String.raw`select '"\u20ac"'::json as price`,
    'views/first/odd.yaml': 'tests: { accepted_values: { price: [free] } }',
  })
  expect(testFailures(await run('refresh'))).toMatchObject([
    {
      view: 'first.odd',
      failure: {
        message:
          'the test accepted_values(price) of first.odd could not be run: unsupported Unicode escape sequence',
        error: { hint: expect.stringContaining('Let the select of the view take it out') as unknown },
      },
    },
  ])
})

test('the server can hold what is taken for a character of an encoding', async () => {
  const names = await query<{ encoding: string }>(
    inject('adminUrl'),
    'select pg_encoding_to_char(n) as encoding from generate_series(0, 34) as n',
  )
  const characters = names.map(({ encoding }) => ({
    encoding,
    text: [...(charactersOf(encoding) ?? [])].join(''),
  }))
  expect(characters.filter(({ text }) => text !== '').length).toBeGreaterThan(20)
  for (const { encoding, text } of characters) {
    const [row] = await query(inject('adminUrl'), 'select convert_from(convert_to($1, $2), $2) as text', [
      text,
      encoding,
    ])
    expect({ encoding, ...row }).toEqual({ encoding, text })
  }
})
