import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { firstProject } from '../../src/project/first-project.ts'
import { runDuro } from '../support/cli.ts'
import { makeTemporaryFolder } from '../support/temporary-folder.ts'

test('duro init, then refresh, plan, validate and refresh again', async () => {
  const cwd = await makeTemporaryFolder('init')
  const init = await runDuro(['init'], { cwd })
  expect(init).toMatchObject({ code: 0, stderr: '' })
  expect(init.stdout).toContain('duro refresh')
  expect(await readFile(join(cwd, '.gitignore'), 'utf8')).toBe('.duro/\n')

  const first = await runDuro(['refresh'], { cwd })
  expect(first).toMatchObject({ code: 0, stderr: expect.stringContaining('published 2 views') })

  const plan = await runDuro(['plan', '--check'], { cwd })
  expect(plan).toMatchObject({ code: 0, stderr: '' })
  expect(plan.stdout).toContain('Nothing to do: 2 views are fresh.')

  expect(await runDuro(['validate'], { cwd })).toMatchObject({ code: 0 })

  const again = await runDuro(['refresh'], { cwd })
  expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining('nothing to do') })
})

test('a folder that is named is made', async () => {
  const cwd = await makeTemporaryFolder('init')
  const { code, stdout } = await runDuro(['init', 'a/shop', '--json'], { cwd })
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toEqual({
    version: 1,
    type: 'init',
    root: join(cwd, 'a/shop'),
    files: [...Object.keys(firstProject), '.gitignore'],
  })
  expect((await readdir(join(cwd, 'a/shop'))).toSorted()).toEqual(['.gitignore', 'duro.yaml', 'views'])
})

test('what exists is named and not touched', async () => {
  const cwd = await makeTemporaryFolder('init')
  await writeFile(join(cwd, 'duro.yaml'), '# mine\n')
  const { code, stdout, stderr } = await runDuro(['init'], { cwd })
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain('error: duro.yaml: there already, and nothing is overwritten')
  expect(await readdir(cwd)).toEqual(['duro.yaml'])
  expect(await readFile(join(cwd, 'duro.yaml'), 'utf8')).toBe('# mine\n')
})

test.each([
  ['node_modules/\n', true],
  ['node_modules/\n.duro/\n', false],
])('a .gitignore with %j stays, with a word where it should say more', async (text, isMissing) => {
  const cwd = await makeTemporaryFolder('init')
  await writeFile(join(cwd, '.gitignore'), text)
  const { code, stderr } = await runDuro(['init'], { cwd })
  expect(code).toBe(0)
  expect(stderr.includes('add .duro/ to .gitignore')).toBe(isMissing)
  expect(await readFile(join(cwd, '.gitignore'), 'utf8')).toBe(text)
})

test('a file in the place of a folder', async () => {
  const cwd = await makeTemporaryFolder('init')
  await mkdir(join(cwd, 'shop'))
  await writeFile(join(cwd, 'shop/views'), '')
  const { code, stderr } = await runDuro(['init', 'shop'], { cwd })
  expect(code).toBe(2)
  expect(stderr).toMatch(/^error: .* cannot be written: /)
})
