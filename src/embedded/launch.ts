import { type ChildProcess, spawn } from 'node:child_process'
import { type FileHandle, open, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

import { DuroError } from '../errors.ts'
import { programPath } from './binaries.ts'
import type { Place } from './place.ts'
import { pidFile, readPostmaster } from './postmaster.ts'
import { serverEnvironment } from './run-program.ts'

/** A log beyond this many bytes is begun anew at the next start. */
const LOG_LIMIT = 5_000_000

export interface LaunchOptions {
  place: Place
  /** The root of the binaries. */
  root: string
  /** Settings of the server beyond duro's own, by name. */
  settings: Readonly<Record<string, string>>
}

/**
 * Starts a server on a free port and waits until it is ready. Returns null when it could not start *now*, because
 * another command's server came first, the port was taken in between, or a crashed server's processes still end.
 */
export async function launch(options: LaunchOptions): Promise<ChildProcess | null> {
  const { place } = options
  const log = await openLog(place)
  const logBegin = (await log.stat()).size
  const server = await spawnServer(options, log).finally(() => log.close())
  while (server.exitCode === null && server.signalCode === null) {
    const postmaster = await readPostmaster(place.dataDirectory)
    if (postmaster?.pid === server.pid && postmaster?.ready) return server
    await sleep(10)
  }
  const said = (await readFile(place.logFile, 'utf8')).slice(logBegin)
  if (/lock file .* already exists/.test(said)) {
    if ((await readPostmaster(place.dataDirectory)) === null) await disownPidFile(place)
    return null
  }
  if (/could not bind|is still in use/.test(said)) return null
  throw new DuroError('connection', `the embedded PostgreSQL does not start\n${tail(said)}`, {
    hint: `Its data is in ${place.dataDirectory}, its log in ${place.logFile}.`,
  })
}

async function spawnServer({ place, root, settings }: LaunchOptions, log: FileHandle): Promise<ChildProcess> {
  const all = {
    ...settings,
    listen_addresses: '127.0.0.1',
    port: String(await findFreePort()),
    unix_socket_directories: '', // a socket's path must be short, a project's need not be
    logging_collector: 'off',
  }
  const args = [
    '-D',
    place.dataDirectory,
    ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]
  // Detached, in a process group of its own: Ctrl-C reaches duro, which still has to clean up in the database.
  const server = spawn(programPath(root, 'postgres'), args, {
    cwd: '/',
    detached: true,
    env: serverEnvironment(),
    stdio: ['ignore', log.fd, log.fd],
    windowsHide: true,
    ...place.user,
  })
  await new Promise((resolve, reject) => {
    server.once('spawn', resolve)
    server.once('error', (cause) => {
      reject(
        new DuroError('connection', `the embedded PostgreSQL does not start: ${cause.message}`, { cause }),
      )
    })
  })
  server.unref()
  return server
}

async function openLog({ logFile, user }: Place): Promise<FileHandle> {
  const log = await open(logFile, 'a', 0o600)
  if ((await log.stat()).size > LOG_LIMIT) await log.truncate()
  if (user !== null) await log.chown(user.uid, user.gid)
  return log
}

async function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

/**
 * A crashed server's pid now belongs to another program, which PostgreSQL takes for the server. It knows its parent's
 * pid for a stale one, and goes on to check that no process of the crashed server is left.
 */
async function disownPidFile({ dataDirectory }: Place): Promise<void> {
  const text = await readFile(pidFile(dataDirectory), 'utf8').catch(() => null)
  if (text !== null) await writeFile(pidFile(dataDirectory), text.replace(/^\d+/, String(process.pid)))
}

function tail(text: string): string {
  return text.trimEnd().split('\n').slice(-15).join('\n')
}
