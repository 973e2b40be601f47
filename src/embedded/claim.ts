import { Client, DatabaseError } from 'pg'

import { DuroError } from '../errors.ts'
import type { Place } from './place.ts'
import { readPostmaster } from './postmaster.ts'

/** One number for all: it is looked at only among the sessions of one embedded server. */
const LOCK = 0x6475726f

/**
 * A command's claim on a running server: a session that holds a shared advisory lock until the command ends, also
 * when it is killed.
 */
export interface Claim {
  session: Client
  pid: number
  port: number
}

/** Claims the server of a data directory. Null when it is just starting or stopping, or when there is none. */
export async function claimServer(place: Place, password: string): Promise<Claim | null> {
  const running = await readPostmaster(place.dataDirectory)
  if (running === null || running.port === null) return null
  const session = new Client({
    host: '127.0.0.1',
    port: running.port,
    user: 'postgres',
    password,
    database: 'postgres',
    application_name: 'duro embedded',
    options: '-c idle_session_timeout=0 -c statement_timeout=0 -c lock_timeout=0',
    ssl: false,
  })
  session.on('error', () => undefined) // the server was stopped; whoever uses it notices
  try {
    await session.connect()
    // Waits while the last command stops the server, and is then cut off by it.
    await session.query('select pg_advisory_lock_shared($1)', [LOCK])
    return { session, pid: running.pid, port: running.port }
  } catch (error) {
    await session.end().catch(() => undefined)
    if (isRefusal(error)) throw describeRefusal(error, place)
    return null
  }
}

/**
 * Gives a claim back. True when no other command has one: new ones then wait until this session ends, and the server
 * can be stopped without cutting anybody off.
 */
export async function releaseServer({ session }: Claim): Promise<boolean> {
  await session.query('select pg_advisory_unlock_shared($1)', [LOCK])
  try {
    const { rows } = await session.query<{ last: boolean }>('select pg_try_advisory_lock($1) as last', [LOCK])
    return rows[0]?.last === true
  } catch (error) {
    if (isRefusal(error)) throw error
    // Another command was the last one, and has stopped the server since.
    return false
  }
}

/** Everything but class 57, operator intervention: the server is there and means it. */
function isRefusal(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && !(error.code ?? '').startsWith('57P')
}

function describeRefusal(cause: DatabaseError, { dataDirectory, passwordFile }: Place): DuroError {
  const hint =
    cause.code === '28P01'
      ? `Was ${passwordFile} replaced? Without ${dataDirectory} the server is made anew, empty.`
      : `Its data is in ${dataDirectory}.`
  return new DuroError('connection', `the embedded PostgreSQL refuses a connection: ${cause.message}`, {
    hint,
    cause,
  })
}
