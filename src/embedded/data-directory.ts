import { randomBytes, randomUUID } from 'node:crypto'
import { chown, link, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

import { programPath } from './binaries.ts'
import { hasCode } from './error-code.ts'
import type { Place } from './place.ts'
import { runProgram } from './run-program.ts'
import type { ServerUser } from './run-program.ts'

/** The superuser's password, made when there is none; several commands at once agree on one. */
export async function readPassword({ passwordFile, user }: Place): Promise<string> {
  const existing = await readFile(passwordFile, 'utf8').catch(() => null)
  if (existing !== null) return existing.trim()
  const unfinished = `${passwordFile}.${randomUUID()}`
  await writeFile(unfinished, `${randomBytes(18).toString('base64url')}\n`, { mode: 0o600 })
  await giveTo(user, unfinished)
  try {
    await link(unfinished, passwordFile) // fails when another command was faster
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  } finally {
    await rm(unfinished, { force: true })
  }
  return (await readFile(passwordFile, 'utf8')).trim()
}

/**
 * Runs `initdb` where there is no data directory yet. It works under another name and is renamed when it is whole, so
 * that a kill leaves nothing half made in the way, and of several commands at once one wins.
 */
export async function makeDataDirectory(place: Place, root: string): Promise<void> {
  const { dataDirectory, passwordFile, user } = place
  if (await isMade(dataDirectory)) return
  const unfinished = await mkdtemp(`${dataDirectory}.unfinished-`)
  try {
    await giveTo(user, unfinished)
    await runProgram(programPath(root, 'initdb'), initdbArguments(unfinished, passwordFile), user)
    await rename(unfinished, dataDirectory)
    await removeUnfinished(dataDirectory)
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true })
    if (!(await isMade(dataDirectory))) throw error
  }
}

/** What killed commands left, and what others are about to make in vain. */
async function removeUnfinished(dataDirectory: string): Promise<void> {
  const folder = dirname(dataDirectory)
  const prefix = `${basename(dataDirectory)}.unfinished-`
  const left = (await readdir(folder)).filter((name) => name.startsWith(prefix))
  await Promise.allSettled(left.map((name) => rm(join(folder, name), { recursive: true, force: true })))
}

/** The builtin locale needs nothing from the system and sorts alike everywhere. */
function initdbArguments(dataDirectory: string, passwordFile: string): string[] {
  return [
    `--pgdata=${dataDirectory}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
  ]
}

async function isMade(dataDirectory: string): Promise<boolean> {
  return stat(join(dataDirectory, 'PG_VERSION')).then(
    () => true,
    (error: unknown) => {
      if (hasCode(error, 'ENOENT')) return false
      throw error
    },
  )
}

async function giveTo(user: ServerUser | null, path: string): Promise<void> {
  if (user !== null) await chown(path, user.uid, user.gid)
}
