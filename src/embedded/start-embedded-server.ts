import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'

import { DuroError } from '../errors.ts'
import { type Claim, claimServer, releaseServer } from './claim.ts'
import { makeDatabase } from './make-database.ts'
import { makeDataDirectory, readPassword } from './data-directory.ts'
import { hasEnded, launch } from './launch.ts'
import { findPlace, type Place } from './place.ts'
import { readPostmaster } from './postmaster.ts'
import { prepareBinaries } from './prepare-binaries.ts'
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
  try {
    return await joinOrStart(options)
  } catch (cause) {
    if (cause instanceof DuroError) throw cause
    // No space, no right to write, or whatever else initdb met.
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new DuroError('connection', `the embedded PostgreSQL does not start: ${reason}`, {
      hint: `It was to keep its data in ${options.dataDirectory}.`,
      cause,
    })
  }
}

async function joinOrStart(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const { onNotice = () => undefined, settings = {} } = options
  const place = await findPlace(options.dataDirectory, onNotice)
  const password = await readPassword(place)
  const deadline = Date.now() + PATIENCE
  let child: ChildProcess | null = null
  while (Date.now() < deadline) {
    const claim = await claimServer(place, password)
    if (claim !== null) return handOver({ place, password, claim, child })
    if ((await readPostmaster(place.dataDirectory)) === null) {
      const root = await prepareBinaries(place.user)
      await makeDataDirectory(place, root)
      child = await launch({ place, root, settings })
      if (child !== null) continue
    }
    await sleep(25)
  }
  throw new DuroError('connection', 'the embedded PostgreSQL accepts no connections', {
    hint: `Its data is in ${place.dataDirectory}, its log in ${place.logFile}.`,
  })
}

interface ClaimedServer {
  place: Place
  password: string
  claim: Claim
  /** The server, when this process started it. */
  child: ChildProcess | null
}

async function handOver(server: ClaimedServer): Promise<EmbeddedServer> {
  const { place, password, claim } = server
  try {
    await makeDatabase(claim.session, DATABASE)
  } catch (error) {
    await stopServer(server)
    throw error
  }
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${claim.port}/${DATABASE}`,
    port: claim.port,
    pid: claim.pid,
    dataDirectory: place.dataDirectory,
    stop: () => stopServer(server),
  }
}

async function stopServer({ place, password, claim, child }: ClaimedServer): Promise<void> {
  const held = await keepClaim(claim, place, password)
  if (held === null) return
  try {
    if (!(await releaseServer(held))) return
    await stopPostmaster(place.dataDirectory, held.pid)
  } finally {
    await held.session.end().catch(() => undefined)
  }
  // The data directory is free a moment before the process is gone.
  if (child !== null) while (!hasEnded(child)) await sleep(5)
}

/** The claim, made anew where a crash of the server ended all of them; null when the server is gone. */
async function keepClaim(claim: Claim, place: Place, password: string): Promise<Claim | null> {
  const alive = await claim.session.query('select').then(
    () => true,
    () => false,
  )
  if (alive) return claim
  const deadline = Date.now() + PATIENCE
  while (Date.now() < deadline && (await readPostmaster(place.dataDirectory)) !== null) {
    const renewed = await claimServer(place, password)
    if (renewed !== null) return renewed
    await sleep(25)
  }
  return null
}
