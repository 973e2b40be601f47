import { chmod, cp, lstat, mkdtemp, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'

import * as z from 'zod'

import { type Binaries, findBinaries, programPath } from './binaries.ts'
import { canReach } from './reach.ts'
import type { ServerUser } from './run-program.ts'
import { openStore } from './store.ts'

/** Paths relative to the package, the folder above the root. */
const Links = z.array(z.object({ source: z.string(), target: z.string() }))

/**
 * Makes the binaries usable and returns their root: executable, with the links between libraries that npm packages
 * cannot hold (their install script makes them, which npm may have been told not to run), and within reach of the
 * user that the server runs as. What cannot be done in place is done in a copy, made once for each version.
 */
export async function prepareBinaries(user: ServerUser | null, found?: Binaries): Promise<string> {
  const binaries = found ?? (await findBinaries())
  if (await canUseInPlace(binaries.root, user)) return binaries.root
  return copyBinaries(binaries)
}

async function canUseInPlace(root: string, user: ServerUser | null): Promise<boolean> {
  try {
    await makeExecutable(root)
    await makeLinks(root)
  } catch {
    return false // installed by someone else, or on a read-only disk
  }
  return (
    user === null ||
    ((await canReach(programPath(root, 'postgres'), user)) &&
      (await canReach(join(root, 'lib'), user)) &&
      (await canReach(join(root, 'share', 'postgresql'), user)))
  )
}

async function makeExecutable(root: string): Promise<void> {
  for (const program of ['initdb', 'pg_ctl', 'postgres'] as const) {
    const path = programPath(root, program)
    const { mode } = await stat(path)
    if ((mode & 0o555) !== 0o555) await chmod(path, mode | 0o555)
  }
}

async function makeLinks(root: string): Promise<void> {
  for (const { source, target } of await readLinks(root)) {
    const link = join(dirname(root), target)
    if (await exists(link)) continue
    await symlink(relative(dirname(target), source), link)
  }
}

async function readLinks(root: string): Promise<z.infer<typeof Links>> {
  const text = await readFile(join(root, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  return Links.parse(JSON.parse(text))
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}

async function copyBinaries({ root, version }: Binaries): Promise<string> {
  const store = await openStore()
  const folder = join(store, `postgres-${version}`)
  const copy = join(folder, 'native')
  if (await exists(copy)) return copy
  const unfinished = await mkdtemp(join(store, 'unfinished-'))
  try {
    await cp(root, join(unfinished, 'native'), { recursive: true, verbatimSymlinks: true })
    await openToAll(unfinished)
    await makeLinks(join(unfinished, 'native'))
    await rename(unfinished, folder)
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true })
    if (!(await exists(copy))) throw error // another command was faster
  }
  return copy
}

/** Whatever the umask was at installation: folders and programs for everyone, everything else readable. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isSymbolicLink()) continue
    const inBin = entry.parentPath.endsWith('bin')
    await chmod(join(entry.parentPath, entry.name), entry.isDirectory() || inBin ? 0o755 : 0o644)
  }
}
