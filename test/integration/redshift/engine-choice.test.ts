import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'

import { query, useDatabase } from '../../support/database.ts'
import { duro } from '../../support/duro.ts'
import { writeProject, type Files, type TestProject } from '../../support/project.ts'
import { describeIf } from '../../support/pg-version.ts'
import { hasOpenssl, makeCertificate } from '../../support/redshift/make-certificate.ts'
import { clusterUrl } from '../../support/redshift/redshift-world.ts'
import { startStandIn, type StandIn } from '../../support/redshift/start-stand-in.ts'

const database = useDatabase()
let standIn: StandIn
let project: TestProject | null = null
beforeEach(async () => {
  standIn = await startStandIn({ upstream: database.url })
})
afterEach(async () => {
  await standIn.close()
  await project?.cleanup()
})

/** What a plan says of a folder, on a server. */
async function plan(url: string, files: Files) {
  project = await writeProject({ 'duro.yaml': 'default_interval: 1h\n', ...files })
  return duro(project, url, ['plan'])
}

const view = { 'views/a/one.sql': 'select 1 as n' }
const said = (engine: string): Files => ({
  ...view,
  'duro.yaml': `engine: ${engine}\ndefault_interval: 1h\n`,
})

describe.skipIf(clusterUrl !== null)('which server it is', () => {
  test('the server tells, and the folder is read in its grammar', async () => {
    const { error, stdout } = await plan(standIn.url(), { 'views/a/One.sql': "select 'a\\'b' as n" })
    expect(error).toBeNull()
    expect(stdout).toContain('a.one')
  })

  test('settings that only Redshift knows are read there, though nobody named it', async () => {
    const { error } = await plan(standIn.url(), { ...view, 'views/a/one.yaml': 'distkey: n' })
    expect(error).toBeNull()
  })

  test('and are refused on PostgreSQL', async () => {
    const { error } = await plan(database.url, { ...view, 'views/a/one.yaml': 'distkey: n' })
    expect(error).toMatchObject({
      problems: [{ message: 'distkey is for Amazon Redshift, and this is PostgreSQL' }],
    })
  })

  test('what duro.yaml names is what it has to be', async () => {
    const { error } = await plan(standIn.url(), said('postgres'))
    expect(error).toMatchObject({
      code: 'connection',
      message: expect.stringMatching(/is Amazon Redshift$/),
      hint: expect.stringContaining('engine: redshift'),
    })
  })

  test('nor is PostgreSQL taken for Redshift', async () => {
    const { error } = await plan(database.url, said('redshift'))
    expect(error).toMatchObject({ message: expect.stringMatching(/is PostgreSQL$/) })
  })

  test('a redshift:// URL names it too, and wants the connection encrypted', async () => {
    const url = standIn.url().replace(/^\w+:/, 'redshift:')
    const encrypted = await plan(url, view)
    expect(encrypted.error?.message).toContain('does not encrypt connections')
    const plain = await plan(`${url}?sslmode=disable`, view)
    expect(plain.error).toBeNull()
  })

  test('a folder that is wrong on either is told so, and nobody is asked', async () => {
    const { error } = await plan(standIn.url(), {
      'views/a/one.sql': 'select 1 as n',
      'views/a/one.yaml': 'intervall: 1h\ndistkey: n\n',
      'views/a/two.sql': 'selekt 1',
    })
    expect(error).toMatchObject({
      problems: [{ file: 'views/a/one.yaml', line: 1 }, { file: 'views/a/two.sql' }],
    })
    expect(standIn.statements).toEqual([])
  })

  test('a folder that is read again once the lock is free is read in the grammar of its server', async () => {
    const files = { 'views/a/one.sql': "select 'a\\'b' as n", 'duro.yaml': 'default_interval: 1h\n' }
    project = await writeProject(files)
    const first = await duro(project, standIn.url(), ['refresh'])
    expect(first.error).toBeNull()
    await query(
      standIn.url(),
      "update duro.run_lock set owner = 'other', expires_at = dateadd(second, 2, getdate())",
    )
    const { error, events } = await duro(project, standIn.url(), ['refresh', '--force', '--wait', '1m'])
    expect(error).toBeNull()
    expect(events).toContainEqual(expect.objectContaining({ type: 'waiting-for-lock' }))
  })
})

describeIf(
  clusterUrl === null && hasOpenssl(),
  'needs openssl, and no cluster',
  'an encrypted server',
  () => {
    test.each(['require', 'no-verify'])(
      'is asked what it is, and nobody has to vouch for it, with sslmode=%s',
      async (mode) => {
        const tls = await makeCertificate()
        const encrypting = await startStandIn({ upstream: database.url, tls, requireTls: true })
        onTestFinished(() => encrypting.close())
        const url = `${encrypting.url()}?sslmode=${mode}`
        const { error } = await plan(url, { ...view, 'views/a/one.yaml': 'distkey: n' })
        expect(error).toBeNull()
      },
    )
  },
)
