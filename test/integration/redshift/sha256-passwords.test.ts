import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { runDuro, type CliResult } from '../../support/cli.ts'
import { writeProject, type TestProject } from '../../support/project.ts'
import { useStandIn } from '../../support/redshift/use-stand-in.ts'

const standIn = useStandIn(() => ({ sha256Users: ['joan'] }))
let project: TestProject
beforeEach(async () => {
  project = await writeProject({ 'views/a/one — 1h.sql': 'select 1 as n' })
})
afterEach(() => project.cleanup())

/** A process of its own: what nobody catches ends it. */
function refreshAsJoan(files: Readonly<Record<string, string>>, scheme: string): Promise<CliResult> {
  const url = new URL(standIn.url().replace(/^\w+:/, `${scheme}:`))
  url.username = 'joan'
  url.password = 'secret'
  url.searchParams.set('sslmode', 'disable')
  return project.update(files).then(() => runDuro(['refresh', '--database', url.href], { cwd: project.root }))
}

const explained = {
  code: 3,
  // Whole: nothing in it looks like a password that has to be masked.
  stderr: expect.stringMatching(
    /^error: the user's password at 127\.0\.0\.1:\d+\/\w+ is stored as sha256, [^*]*\n.*\n +hint: Have it stored as md5: [^*]* in the place of the password\. Or let AWS [^*]*\n$/,
  ),
}

describe('a password that Redshift keeps as sha256 is explained', () => {
  test('where duro.yaml names the engine', async () => {
    expect(await refreshAsJoan({ 'duro.yaml': 'engine: redshift\n' }, 'postgres')).toMatchObject(explained)
  })

  test('where the URL names it', async () => {
    expect(await refreshAsJoan({ 'duro.yaml': '' }, 'redshift')).toMatchObject(explained)
  })

  test('where nobody names it: only Redshift asks so', async () => {
    expect(await refreshAsJoan({ 'duro.yaml': '' }, 'postgres')).toMatchObject(explained)
  })

  test('where the folder can be read only as one for Redshift', async () => {
    const files = { 'duro.yaml': '', 'views/a/one.yaml': 'distkey: n\n' }
    expect(await refreshAsJoan(files, 'postgres')).toMatchObject(explained)
  })

  test('and a folder that is said to be for PostgreSQL is told what the server is', async () => {
    const { code, stderr } = await refreshAsJoan({ 'duro.yaml': 'engine: postgres\n' }, 'postgres')
    expect(stderr).toContain('is Amazon Redshift')
    expect(code).toBe(3)
  })
})
