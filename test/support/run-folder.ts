import {
  chmodSync,
  type Dirent,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { hasCode } from '../../src/embedded/error-code.ts'

const PREFIX = 'duro-test-run-'

/** A folder for all that one run of the tests writes; it goes away with this process at the latest. */
export function makeRunFolder(): string {
  removeOrphans()
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`)))
  chmodSync(folder, 0o755) // as root, servers run as another user
  process.once('exit', () => removeRunFolder(folder))
  // Vitest exits at a signal too, but dies of a second one, which npm sends when a terminal has sent the first.
  for (const [signal, number] of Object.entries({ SIGHUP: 1, SIGINT: 2, SIGTERM: 15 })) {
    process.on(signal, () => process.exit(128 + number))
  }
  return folder
}

/** Removes the folder, and stops the servers in it that tests could not stop. */
export function removeRunFolder(folder: string): void {
  for (const pidFile of findPidFiles(folder)) stopNow(pidFile)
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
}

/** What runs that were killed outright have left. */
function removeOrphans(): void {
  for (const name of readdirSync(tmpdir())) {
    const owner = Number(new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1])
    if (owner > 0 && !isAlive(owner)) removeRunFolder(join(tmpdir(), name))
  }
}

/** The files that servers leave their process ids in; folders may vanish meanwhile, as initdb or a test removes them. */
function findPidFiles(folder: string): string[] {
  const entries = readFolder(folder)
  const pidFile = entries.find((entry) => entry.name === 'postmaster.pid')
  if (pidFile !== undefined) return [join(folder, pidFile.name)]
  return entries
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => findPidFiles(join(folder, entry.name)))
}

function readFolder(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'EACCES')) return []
    throw error
  }
}

/** An immediate shutdown: no checkpoint, as the data is thrown away. Only ever of the server of that very folder. */
function stopNow(pidFile: string): void {
  try {
    const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0])
    if (!(pid > 1)) return
    if (process.platform === 'linux' && readlinkSync(`/proc/${pid}/cwd`) !== dirname(pidFile)) return
    process.kill(pid, 'SIGQUIT')
  } catch (error) {
    if (!hasCode(error, 'ENOENT', 'ESRCH', 'EPERM', 'EACCES')) throw error // it is gone, or was never ours
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return hasCode(error, 'EPERM') // another user's
  }
}
