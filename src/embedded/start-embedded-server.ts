import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'

import type pg from 'pg'

import { DuroError } from '../errors.ts'
import { makeDataDirectory, readPassword } from './data-directory.ts'
import { hasEnded, launch } from './launch.ts'
import { findPlace, type Place } from './place.ts'
import { readPostmaster } from './postmaster.ts'
import { prepareBinaries } from './prepare-binaries.ts'
import { claimServer, makeDatabase, releaseServer } from './session.ts'
import { stopPostmaster } from './stop-postmaster.ts'

/** How long to wait for a server that starts, recovers from a crash or stops, in milliseconds. */
const PATIENCE = 60_000

const DATABASE = 'duro'

export interface EmbeddedServerOptions {
  /** `<project>/.duro/postgres`; its parent also gets the password and the log. */
  dataDirectory: string
  onNotice?: ((text: string) => void) | undefined
  /** Settings of the server, such as `fsync` to `off`; they count only when this call starts it. */
  settings?: Readonly<Record<string, string>> | undefined
}

export interface EmbeddedServer {
  /** The database `duro` as user `postgres`, on 127.0.0.1. */
  url: string
  port: number
  /** The process id of the server. */
  pid: number
  /** Where the data really lies, see `findPlace`. */
  dataDirectory: string
  /** Stops the server, unless another command uses it: then that one will. */
  stop(): Promise<void>
}

/**
 * Joins the server that runs on a data directory, or makes and starts one. Every command claims the server by a lock
 * in the server itself, so that nothing has to be tidied up after a command that was killed, and the last one out
 * stops it. A server without any command, left by such a kill, is used and stopped by the next.
 */
export async function startEmbeddedServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const { onNotice = () => undefined, settings = {} } = options
  const place = await findPlace(options.dataDirectory, onNotice)
  const password = await readPassword(place)
  const deadline = Date.now() + PATIENCE
  let child: ChildProcess | null = null
  while (Date.now() < deadline) {
    const claim = await claimRunning(place, password)
    if (claim !== null) {
      await makeDatabase(claim.session, DATABASE)
      return {
        url: `postgres://postgres:${password}@127.0.0.1:${claim.port}/${DATABASE}`,
        port: claim.port,
        pid: claim.pid,
        dataDirectory: place.dataDirectory,
        stop: () => stopServer(place, password, claim, child),
      }
    }
    if ((await readPostmaster(place.dataDirectory)) === null) {
      const root = await prepareBinaries(place.user)
      await makeDataDirectory(place, root)
      child = await launch({ place, root, settings })
    } else {
      await sleep(25)
    }
  }
  throw new DuroError('connection', 'the embedded PostgreSQL accepts no connections', {
    hint: `Its data is in ${place.dataDirectory}, its log in ${place.logFile}.`,
  })
}

interface Claim {
  session: pg.Client
  pid: number
  port: number
}

async function claimRunning(place: Place, password: string): Promise<Claim | null> {
  const running = await readPostmaster(place.dataDirectory)
  if (running === null || running.port === null) return null
  try {
    const session = await claimServer({ port: running.port, password })
    return session === null ? null : { session, pid: running.pid, port: running.port }
  } catch (cause) {
    throw new DuroError(
      'connection',
      `the embedded PostgreSQL refuses its own password: ${messageOf(cause)}`,
      {
        hint: `Was ${place.passwordFile} removed? Without ${place.dataDirectory} it is made anew, empty.`,
        cause,
      },
    )
  }
}

async function stopServer(
  place: Place,
  password: string,
  claim: Claim,
  child: ChildProcess | null,
): Promise<void> {
  let { session, pid } = claim
  let last: boolean
  try {
    last = await releaseServer(session)
  } catch {
    // The server crashed or was stopped by hand, which ended all claims.
    const renewed = await claimRunning(place, password)
    if (renewed === null) return
    ;({ session, pid } = renewed)
    last = await releaseServer(session)
  }
  try {
    if (last) await stopPostmaster(place.dataDirectory, pid)
  } finally {
    await session.end().catch(() => undefined)
  }
  // The data directory is free a moment before the process is gone.
  if (last && child !== null) while (!hasEnded(child)) await sleep(5)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
