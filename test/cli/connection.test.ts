import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { runDuro } from '../support/cli.ts'
import { useDatabase, usingClient } from '../support/database.ts'
import { writeProject, type TestProject } from '../support/project.ts'

/** A port at which nothing listens, since it has just been given back. */
async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port was given')
  await new Promise((resolve) => {
    server.close(resolve)
  })
  return address.port
}

describe('a database that cannot be reached ends with 3, one message and no stack trace', () => {
  const database = useDatabase()
  let project: TestProject
  beforeAll(async () => {
    project = await writeProject({
      'duro.yaml': 'default_interval: 1h',
      'views/first/a.sql': 'select 1 as n',
    })
  })
  afterAll(() => project.cleanup())

  async function refresh(change: (url: URL) => void): Promise<string> {
    const url = new URL(database.url)
    change(url)
    const { code, stdout, stderr } = await runDuro(['refresh', '--database', url.href], { cwd: project.root })
    expect(stdout).toBe('')
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(code).toBe(3)
    return stderr
  }

  async function asksForPassword(): Promise<boolean> {
    const wrong = new URL(database.url)
    wrong.password = 'wr0ng-s3cret'
    return usingClient(wrong.href, async () => false).catch(() => true)
  }

  test('with a wrong password, which is not printed', async ({ skip }) => {
    skip(!(await asksForPassword()), 'the server of these tests asks for no password')
    const said = await refresh((url) => {
      url.password = 'wr0ng-s3cret'
    })
    expect(said).toMatch(/refused the password/)
    expect(said).toMatch(/DATABASE_URL, PGPASSWORD or ~\/\.pgpass/)
    expect(said).not.toContain('wr0ng-s3cret')
  })

  test('without a password', async ({ skip }) => {
    skip(!(await asksForPassword()), 'the server of these tests asks for no password')
    const said = await refresh((url) => {
      url.password = ''
    })
    expect(said).toMatch(/asks for a password, and none is given/)
    expect(said).toMatch(/DATABASE_URL, PGPASSWORD or ~\/\.pgpass/)
  })

  test('with an unknown host', async () => {
    const said = await refresh((url) => {
      url.hostname = 'nosuchhost.invalid'
      url.search = ''
    })
    expect(said).toMatch(/the host of nosuchhost\.invalid:\d+\/\S+ (is unknown|could not be looked up)/)
  })

  test('with a port at which nothing listens', async () => {
    const port = await closedPort()
    const said = await refresh((url) => {
      url.hostname = '127.0.0.1'
      url.port = String(port)
      url.search = ''
    })
    expect(said).toContain(`nothing listens at 127.0.0.1:${port}/${database.name}`)
  })

  test('with a database that does not exist', async () => {
    const said = await refresh((url) => {
      url.pathname = '/no_such_database'
    })
    expect(said).toMatch(/the database of \S+\/no_such_database does not exist/)
  })

  test('with a role that does not exist', async () => {
    const said = await refresh((url) => {
      url.username = 'no_such_role'
    })
    expect(said).toMatch(/refused the (login|password)/)
  })
})

describe('a password in a file of libpq', () => {
  const database = useDatabase()

  test('is found, and the driver says nothing of it', async () => {
    const project = await writeProject({ 'views/first/a — 1h.sql': 'select 1 as n' })
    const url = new URL(database.url)
    const passwordFile = join(project.root, 'pgpass')
    await writeFile(passwordFile, `*:*:*:*:${decodeURIComponent(url.password)}\n`, { mode: 0o600 })
    url.password = ''
    const env = { DATABASE_URL: url.href, PGPASSFILE: passwordFile }
    const ran = await runDuro(['refresh', '--quiet'], { cwd: project.root, env })
    expect(ran).toMatchObject({ code: 0, stdout: '', stderr: '' })
    await project.cleanup()
  })
})

test('without a database it is said what to set, and nothing is started', async () => {
  const project = await writeProject({ 'views/first/a.sql': 'select 1 as n' })
  const { code, stderr } = await runDuro(['refresh'], { cwd: project.root })
  expect(code).toBe(2)
  expect(stderr).toMatch(/DATABASE_URL/)
  await project.cleanup()
})
