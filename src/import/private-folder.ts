import { chmod, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isAbandoned, ownerMark } from './owner.ts'

const parentOf = (root: string): string => join(root, '.duro', 'work')
const pidFile = 'program.pid'

/** A folder that only this user can look into; it goes whatever happens, after a kill with the next run. */
export async function usingPrivateFolder<T>(
  root: string,
  callback: (folder: string) => Promise<T>,
): Promise<T> {
  const parent = parentOf(root)
  await mkdir(parent, { recursive: true })
  const folder = await mkdtemp(join(parent, `${ownerMark()}-`))
  try {
    await chmod(folder, 0o700)
    return await callback(folder)
  } finally {
    await remove(folder)
  }
}

/** Written down, so that a program that has outlived duro can be found. */
export async function notePid(folder: string, pid: number): Promise<void> {
  await writeFile(join(folder, pidFile), String(pid))
}

/** Removes what runs that were killed have left of their folders, and ends the programs that still work in them. */
export async function removeAbandonedFolders(root: string): Promise<void> {
  const parent = parentOf(root)
  for (const name of await readdir(parent).catch(() => [])) {
    const folder = join(parent, name)
    const age = await stat(folder).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    )
    if (!isAbandoned(name.slice(0, name.lastIndexOf('-')), age)) continue
    await endProgram(folder)
    await remove(folder)
  }
}

/** Only a process that is in the folder is the one that was written down; elsewhere than on Linux nobody can tell. */
async function endProgram(folder: string): Promise<void> {
  try {
    const pid = Number(await readFile(join(folder, pidFile), 'utf8'))
    if (pid > 1 && (await readlink(`/proc/${pid}/cwd`)) === folder) process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended.
  }
}

const remove = (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
