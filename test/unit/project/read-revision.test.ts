import { execFileSync } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { readRevision } from '../../../src/project/read-revision.ts'
import { makeTemporaryFolder } from '../../support/temporary-folder.ts'

let root = ''
beforeEach(async () => {
  root = await makeTemporaryFolder('git')
  await mkdir(join(root, 'views'))
  await writeFile(join(root, 'views', 'a.sql'), 'select 1')
})
afterEach(() => rm(root, { recursive: true, force: true }))

const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=joan', '-c', 'user.email=joan@host', ...args], {
    cwd: root,
    encoding: 'utf8',
    stdio: 'pipe',
  }).trim()

const commit = () => {
  git('add', '.')
  git('commit', '-m', 'all', '--allow-empty')
  return git('rev-parse', 'HEAD')
}

it('knows the commit, and whether something in the folder of views differs from it', async () => {
  git('init')
  expect(await readRevision(root, ['views'])).toBeNull()
  const first = commit()
  expect(await readRevision(root, ['views'])).toEqual({ commit: first, dirty: false })
  await writeFile(join(root, 'README.md'), 'not about views')
  expect(await readRevision(root, ['views'])).toEqual({ commit: first, dirty: false })
  await writeFile(join(root, 'views', 'b.sql'), 'select 2')
  expect(await readRevision(root, ['views'])).toEqual({ commit: first, dirty: true })
  const second = commit()
  expect(await readRevision(root, ['views', 'duro.yaml'])).toEqual({ commit: second, dirty: false })
})

it('finds a repository further up', async () => {
  git('init')
  const first = commit()
  expect(await readRevision(join(root, 'views'), ['.'])).toEqual({ commit: first, dirty: false })
})

it('looks where the project is, though a hook of git names another repository', async () => {
  git('init')
  const first = commit()
  const other = await makeTemporaryFolder('git')
  execFileSync('git', ['init'], { cwd: other, stdio: 'pipe' })
  try {
    vi.stubEnv('GIT_DIR', join(other, '.git'))
    vi.stubEnv('GIT_INDEX_FILE', join(other, '.git', 'index'))
    expect(await readRevision(root, ['views'])).toEqual({ commit: first, dirty: false })
  } finally {
    vi.unstubAllEnvs()
    await rm(other, { recursive: true, force: true })
  }
})

it('is absent without a repository and without git, and says nothing', async () => {
  expect(await readRevision(root, ['views'])).toBeNull()
  const path = process.env['PATH']
  try {
    process.env['PATH'] = ''
    expect(await readRevision(root, ['views'])).toBeNull()
  } finally {
    process.env['PATH'] = path
  }
})
