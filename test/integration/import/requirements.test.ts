import { execFileSync } from 'node:child_process'
import { readdir, rm, stat, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

import { describe, expect, test } from 'vitest'

import { refresh } from '../../support/duro.ts'
import { hasPython, pathOnly } from '../../support/python.ts'
import { makeTemporaryFolder } from '../../support/temporary-folder.ts'
import { makeWorld, type World } from '../../support/world.ts'

const files = {
  'views/first/versions_select.sql': 'select 1 as one',
  'views/first/versions.py': `
import sys
try:
    import six
    version = six.__version__
except ImportError:
    version = 'none'
open(sys.argv[2], 'w').write(f'version,venv\\n{version},{sys.prefix != sys.base_prefix}\\n')
`,
  'views/first/versions — 1h.sql': 'create table versions (version text, venv boolean)',
}

/** PyPI, or what pip is told to use in its place. */
const reachesPypi =
  hasPython &&
  succeeds('python3', [
    '-m',
    'pip',
    'download',
    '--no-deps',
    '--quiet',
    '--dest',
    '/tmp/duro-test-pypi',
    'six==1.16.0',
  ])

const venvs = ({ project }: World): Promise<string[]> => readdir(project.file('.duro/venvs'))

describe.runIf(hasPython)('a script', () => {
  test('without requirements runs with the Python that is there', async () => {
    const world = await makeWorld('', files, pathOnly)
    await world.refresh()
    expect(await world.sql('select venv from first.versions')).toEqual([{ venv: false }])
    await expect(venvs(world)).rejects.toThrow('ENOENT')
  })

  test('has its venv made again when the Python changes, and only then', async () => {
    const [one, other] = [await makeTemporaryFolder('python'), await makeTemporaryFolder('python')]
    await pretendPython(one, '3.98.1')
    await pretendPython(other, '3.98.1')
    // Nothing to install: what counts is the venv.
    const requirements = { 'views/first/versions_requirements.txt': '# none\n' }
    const world = await makeWorld('', { ...files, ...requirements }, pathOnly)
    const made = async (folder: string): Promise<{ name: string; inode: number }> => {
      const PATH = `${folder}${delimiter}${pathOnly['PATH']}`
      await refresh(world.project, world.url, ['--force'], { env: { ...pathOnly, PATH } })
      expect(await world.sql('select venv from first.versions')).toEqual([{ venv: true }])
      const [name = '', ...more] = await venvs(world)
      expect(more).toEqual([])
      return { name, inode: (await stat(world.project.file(`.duro/venvs/${name}`))).ino }
    }
    const first = await made(one)
    expect(await made(one)).toEqual(first)
    await pretendPython(one, '3.98.2')
    const upgraded = await made(one)
    expect(upgraded.name).not.toBe(first.name)
    expect(await made(one)).toEqual(upgraded)
    const moved = await made(other)
    expect(moved.name).not.toBe(upgraded.name)
    await rm(world.project.file(`.duro/venvs/${moved.name}/bin/python`))
    expect((await made(other)).name).toBe(moved.name)
    // Four venvs, of some seconds each.
  }, 400_000)

  test.runIf(reachesPypi)(
    'with requirements gets a venv, which is made again only when they change',
    async () => {
      const world = await makeWorld(
        '',
        { ...files, 'views/first/versions_requirements.txt': 'six==1.16.0\n' },
        pathOnly,
      )
      await world.refresh()
      expect(await world.sql('table first.versions')).toEqual([{ version: '1.16.0', venv: true }])
      const [first = '', ...more] = await venvs(world)
      expect(more).toEqual([])
      expect(first).toMatch(/^first\.versions-[\da-f]{16}$/)

      const made = await stat(world.project.file(`.duro/venvs/${first}`))
      await world.refresh('--force')
      expect((await stat(world.project.file(`.duro/venvs/${first}`))).ino).toBe(made.ino)

      await world.project.update({ 'views/first/versions_requirements.txt': 'six==1.17.0\n' })
      expect((await world.duro(['plan'])).stdout).toContain('versions_requirements.txt changed')
      await world.refresh()
      expect(await world.sql('table first.versions')).toEqual([{ version: '1.17.0', venv: true }])
      const after = await venvs(world)
      expect(after).toHaveLength(1)
      expect(after).not.toEqual([first])
    },
  )
})

/** A `python3` of some version: what it says of itself, and the real one for all else. */
async function pretendPython(folder: string, version: string): Promise<void> {
  const real = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { env: pathOnly })
  const path = join(folder, 'python3')
  const script = `#!/bin/sh\nif [ "$1" = -c ]; then echo '${path}'; echo '${version}'; else exec '${real.toString().trim()}' "$@"; fi\n`
  await writeFile(path, script, { mode: 0o755 })
}

function succeeds(file: string, args: string[]): boolean {
  try {
    execFileSync(file, args, { stdio: 'ignore', timeout: 60_000, env: pathOnly })
    return true
  } catch {
    return false
  }
}
