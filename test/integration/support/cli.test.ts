import { afterEach, beforeEach, expect, test } from 'vitest'

import { runDuro } from '../../support/cli.ts'
import { type TestProject, writeProject } from '../../support/project.ts'

let project: TestProject
beforeEach(async () => {
  project = await writeProject({ 'views/first/cities — 24h.sql': 'select 1 as city' })
})
afterEach(() => project.cleanup())

test('runDuro runs the built program', async () => {
  const { code, signal, stdout, stderr } = await runDuro(['--help'], { cwd: project.root })
  expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' })
  expect(stdout).toContain('duro')
})

test('runDuro returns the exit code and what went to stderr', async () => {
  const { code, stderr } = await runDuro(['no-such-command'], { cwd: project.root })
  expect(code).toBe(2)
  expect(stderr).toContain('no-such-command')
})

test('waiting for output fails with the output when duro ends without it', async () => {
  const waiting = runDuro(['--help'], {
    cwd: project.root,
    signalAfter: { output: /never printed/, signal: 'SIGINT' },
  })
  await expect(waiting).rejects.toThrow(/ended without .*never printed.*duro/s)
})

test('writeProject writes, overwrites and removes files', async () => {
  await project.update({ 'views/first/cities — 24h.sql': null, 'views/a.sql': 'select 2' })
  expect(await project.read('views/a.sql')).toBe('select 2')
  await expect(project.read('views/first/cities — 24h.sql')).rejects.toThrow('ENOENT')
})
