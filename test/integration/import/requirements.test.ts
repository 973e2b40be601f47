import { execFileSync } from 'node:child_process'
import { readdir, stat } from 'node:fs/promises'

import { describe, expect, test } from 'vitest'

import { hasPython, pathOnly } from '../../support/python.ts'
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

function succeeds(file: string, args: string[]): boolean {
  try {
    execFileSync(file, args, { stdio: 'ignore', timeout: 60_000, env: pathOnly })
    return true
  } catch {
    return false
  }
}
