import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { runDuro } from '../support/cli.ts'
import { makeTemporaryFolder } from '../support/temporary-folder.ts'

const commands = ['plan', 'refresh', 'swap', 'validate', 'cleanup', 'history', 'graph', 'init', 'demo']

const run = async (...args: string[]) => runDuro(args, { cwd: await makeTemporaryFolder('empty') })

test.each([[[]], [['--help']], [['help']]])('duro %j lists the commands', async (args) => {
  const { code, stdout, stderr } = await run(...args)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  for (const command of commands) expect(stdout).toMatch(new RegExp(`^ {2}${command}\\b`, 'm'))
})

test.each(commands)('duro help %s is duro %s --help', async (command) => {
  const help = await run('help', command)
  expect(help).toMatchObject({ code: 0, stderr: '' })
  expect(help.stdout).toContain(`Usage: duro ${command}`)
  expect((await run(command, '--help')).stdout).toBe(help.stdout)
})

test('the version', async () => {
  expect(await run('--version')).toMatchObject({ code: 0, stdout: '0.1.0\n', stderr: '' })
})

test.each([
  ['plna', "error: unknown command 'plna'", 'Did you mean plan?'],
  ['plan --chekc', "error: unknown option '--chekc'", 'Did you mean --check?'],
  ['--jsno plan', "error: unknown option '--jsno'", 'Did you mean --json?'],
  ['history --limit', "error: option '--limit <count>' argument missing", 'duro --help'],
  ['history --limit x', 'It is a whole number from 1 on.', 'duro --help'],
  ['history one two', 'error: too many arguments', 'duro --help'],
  ['refresh --wait soon', 'It looks like 30s, 10m or 2h.', 'duro --help'],
  ['refresh --timeout 0s', 'It must be longer than nothing.', 'duro --help'],
  [
    'refresh --keep-going --fail-fast',
    "error: option '--fail-fast' cannot be used with option '--keep-going'",
    'duro --help',
  ],
  ['graph --format gif', 'Allowed choices are tree, mermaid, dot, svg.', 'duro --help'],
  ['demo --scale 3', 'It is a whole number from 500 on.', 'duro --help'],
])('duro %s exits with 2 and says why', async (line, message, advice) => {
  const { code, stdout, stderr } = await run(...line.split(' '))
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(message)
  expect(stderr).toContain(advice)
})

test('help loads nothing that a command needs', async () => {
  const folder = await makeTemporaryFolder('coverage')
  await runDuro(['--help'], { cwd: folder, env: { NODE_V8_COVERAGE: folder } })
  const packages = await loadedPackages(folder)
  expect(packages).toEqual(['commander', 'picocolors'])
})

const Coverage = z.object({ result: z.array(z.object({ url: z.string() })) })

/**
 * What node writes about the code that ran names every file that was loaded; in each of them the bundler has written
 * above every part where it comes from.
 */
async function loadedPackages(folder: string): Promise<string[]> {
  const found = new Set<string>()
  for (const file of await readdir(folder)) {
    const { result } = Coverage.parse(JSON.parse(await readFile(join(folder, file), 'utf8')))
    for (const { url } of result.filter((script) => script.url.startsWith('file:'))) {
      const parts = url.includes('/dist/') ? (await readFile(fileURLToPath(url), 'utf8')).split('\n') : [url]
      for (const part of parts) {
        const name = /(?:^\/\/ |\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(part)?.[1]
        if (name !== undefined) found.add(name)
      }
    }
  }
  return [...found].toSorted()
}
