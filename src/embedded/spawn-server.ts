import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type FileHandle, open, readFile } from 'node:fs/promises'
import { createServer } from 'node:net'

import { programPath } from './binaries.ts'
import type { Place } from './place.ts'
import { serverEnvironment } from './run-program.ts'

/** A log beyond this many bytes is begun anew at the next start. */
const LOG_LIMIT = 5_000_000

export interface SpawnOptions {
  place: Place
  /** The root of the binaries. */
  root: string
  /** Settings of the server beyond duro's own, by name. */
  settings: Readonly<Record<string, string>>
}

export interface SpawnedServer {
  child: ChildProcess
  /** What this server has written to the log so far. */
  readLog: () => Promise<string>
}

/**
 * Starts the server process on a free port. It is detached, in a process group of its own: Ctrl-C in a terminal then
 * reaches duro only, which still has to clean up in the database.
 */
export async function spawnServer({ place, root, settings }: SpawnOptions): Promise<SpawnedServer> {
  const allSettings = {
    ...settings,
    listen_addresses: '127.0.0.1',
    port: String(await findFreePort()),
    unix_socket_directories: '', // a socket's path must be short, a project's need not be
    logging_collector: 'off',
  }
  const flags = Object.entries(allSettings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const log = await openLog(place)
  try {
    const { size } = await log.stat()
    const child = spawn(programPath(root, 'postgres'), ['-D', place.dataDirectory, ...flags], {
      cwd: '/',
      detached: true,
      env: serverEnvironment(),
      stdio: ['ignore', log.fd, log.fd],
      windowsHide: true,
      ...place.user,
    })
    await once(child, 'spawn')
    child.unref()
    return { child, readLog: async () => (await readFile(place.logFile)).subarray(size).toString() }
  } finally {
    await log.close()
  }
}

async function openLog({ logFile, user }: Place): Promise<FileHandle> {
  const log = await open(logFile, 'a', 0o600)
  if ((await log.stat()).size > LOG_LIMIT) await log.truncate()
  if (user !== null) await log.chown(user.uid, user.gid)
  return log
}

async function findFreePort(): Promise<number> {
  const probe = createServer()
  probe.listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}
