import { readdir } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { runDuro, type CliOptions } from '../support/cli.ts'
import { makeTemporaryFolder } from '../support/temporary-folder.ts'

/** Runs the demo where nothing else writes, Node.js's own cache of compiled code neither, and looks what it left there. */
async function demo(options: Omit<CliOptions, 'cwd'> = {}, ...args: string[]) {
  const folder = await makeTemporaryFolder('demo')
  const result = await runDuro(['demo', '--scale', '500', ...args], {
    ...options,
    cwd: folder,
    env: { TMPDIR: folder, NODE_DISABLE_COMPILE_CACHE: '1', ...options.env },
  })
  return { ...result, left: await readdir(folder) }
}

test('tells what happens, and leaves nothing', async () => {
  const result = await demo()
  const { stdout, stderr } = result
  expect(result).toMatchObject({ code: 0, left: [] })
  expect(stdout).toContain('10 views to build')
  expect(stderr.match(/published 10 views/g)).toHaveLength(2)
  expect(stdout).toMatch(/^grants\.all_donations +rows +526 +531 +\+5 /m)
  expect(stderr).toContain('test not_null(address) failed: address is null')
  expect(stdout).toContain('Exit code 1. The leaderboard still has the 635 events it had before.')
  expect(stdout).toMatch(
    /^ +[1-9][\d,]* reads\n +0 errors\n +0 empty views\n +0 reads +of one view from before/m,
  )
  expect(stdout + stderr).not.toMatch(/postgres:\/\/postgres:(?!\*\*\*)/)
})

test('asks no database of the user, and annotates no failure that is meant', async () => {
  const env = { DATABASE_URL: 'postgres://127.0.0.1:1/none', GITHUB_ACTIONS: 'true' }
  const result = await demo({ env }, '--database', 'postgres://127.0.0.1:1/none')
  expect(result).toMatchObject({ code: 0 })
  expect(result.stdout + result.stderr).not.toContain('::error')
})

test.each([
  ['while the data are made', /Makes 500 donations/],
  ['in a refresh', /build started/],
  ['while readers read', /From now on/],
])('Ctrl-C %s stops the server and removes the folder', async (_when, output) => {
  const result = await demo({ signalAfter: { output, signal: 'SIGINT' } })
  expect(result).toMatchObject({ code: 130, left: [], stderr: expect.stringContaining('stopping') })
})

test('it is for people: --json and --quiet are refused', async () => {
  const refusal = 'a demo is there to be watched'
  const quiet = await demo({}, '--quiet')
  expect(quiet).toMatchObject({ code: 2, stdout: '' })
  expect(quiet.stderr).toContain(refusal)
  const json = await demo({}, '--json')
  expect(json).toMatchObject({ code: 2, stderr: '' })
  expect(json.stdout).toContain(refusal)
})
