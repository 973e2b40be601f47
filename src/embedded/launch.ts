import type { ChildProcess } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

import { DuroError } from '../errors.ts'
import type { Place } from './place.ts'
import { pidFile, readPostmaster } from './postmaster.ts'
import { type SpawnedServer, type SpawnOptions, spawnServer } from './spawn-server.ts'

/**
 * Starts a server and waits until it is ready. Returns null when it could not start *now*: another command's server
 * came first, the port was taken in between, or processes of a crashed server are still there.
 */
export async function launch(options: SpawnOptions): Promise<ChildProcess | null> {
  const { child, readLog } = await tryToSpawn(options)
  const { dataDirectory, logFile } = options.place
  while (!hasEnded(child)) {
    const postmaster = await readPostmaster(dataDirectory)
    if (postmaster?.pid === child.pid && postmaster?.ready) return child
    await sleep(10)
  }
  const other = await readPostmaster(dataDirectory)
  if (other !== null) return null
  const log = await readLog()
  if (/could not bind|is still in use|lock file .* is empty/.test(log)) return null
  if (/lock file .* already exists/.test(log)) {
    await disownPidFile(options.place)
    return null
  }
  throw new DuroError('connection', `the embedded PostgreSQL does not start\n${lastLines(log)}`, {
    hint: `Its data is in ${dataDirectory}, its log in ${logFile}.`,
  })
}

export function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

async function tryToSpawn(options: SpawnOptions): Promise<SpawnedServer> {
  try {
    return await spawnServer(options)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new DuroError('connection', `the embedded PostgreSQL does not start: ${reason}`, {
      hint: 'Its programs need a system with glibc. Otherwise set `database` to the URL of a PostgreSQL server.',
      cause,
    })
  }
}

/**
 * A crashed server's pid now belongs to another program, which PostgreSQL takes for the server. It knows the pid of
 * its parent for a stale one, and goes on to check that no process of the crashed server is left.
 */
async function disownPidFile({ dataDirectory }: Place): Promise<void> {
  const text = await readFile(pidFile(dataDirectory), 'utf8').catch(() => null)
  if (text !== null) await writeFile(pidFile(dataDirectory), text.replace(/^\d+/, String(process.pid)))
}

function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-15).join('\n')
}
