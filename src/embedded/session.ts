import { Client, DatabaseError, escapeIdentifier } from 'pg'

import { hasCode } from './error-code.ts'

/** One number for all: it is looked at only among the sessions of one embedded server. */
const LOCK = 0x6475726f

export interface ServerAddress {
  port: number
  password: string
}

/**
 * A command's claim on a running server: a session that holds a shared advisory lock until the command ends, also
 * when it is killed. Null when the server is just starting, stopping or gone.
 */
export async function claimServer(address: ServerAddress): Promise<Client | null> {
  const session = new Client({
    host: '127.0.0.1',
    port: address.port,
    user: 'postgres',
    password: address.password,
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
    return session
  } catch (error) {
    await session.end().catch(() => undefined)
    if (isRefusal(error)) throw error
    return null
  }
}

/**
 * Gives the claim back. True when no other command had one: then new ones wait until this session ends, and the
 * server can be stopped without cutting anybody off.
 */
export async function releaseServer(session: Client): Promise<boolean> {
  await session.query('select pg_advisory_unlock_shared($1)', [LOCK])
  const { rows } = await session.query<{ last: boolean }>('select pg_try_advisory_lock($1) as last', [LOCK])
  return rows[0]?.last === true
}

export async function makeDatabase(session: Client, name: string): Promise<void> {
  const { rowCount } = await session.query('select from pg_database where datname = $1', [name])
  if (rowCount !== 0) return
  try {
    await session.query(`create database ${escapeIdentifier(name)}`)
  } catch (error) {
    // 42P04, or 23505 at the very same moment: another command made it.
    if (!hasCode(error, '42P04', '23505')) throw error
  }
}

/** Everything but class 57, operator intervention: the server is there and means it, such as a wrong password. */
function isRefusal(error: unknown): boolean {
  return error instanceof DatabaseError && !(error.code ?? '').startsWith('57P')
}
