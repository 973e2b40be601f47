import type { Client, ClientConfig, QueryResultRow } from 'pg'
import { quoteIdentifier } from '../../../sql/identifiers.ts'
import { GuardedClient } from '../../guarded-client.ts'
import { engineOfVersion, OtherEngineError } from '../../other-engine-error.ts'
import { networkSettings } from '../../network-settings.ts'
import { numbersAsNumbers } from '../../numbers-as-numbers.ts'
import { createTurns } from '../../turns.ts'
import { explainConnectionError } from './connection-error.ts'
import { targetOf } from './connection-settings.ts'

export interface SessionOptions {
  config: ClientConfig
  /** Schemas in which unqualified names are looked up. */
  searchPath: readonly string[]
}

/** One connection to the server. Nothing is set but the search path: an unknown setting would be fatal. */
export interface Session {
  readonly client: Client
  /** The server's process that serves this session. */
  readonly pid: number
  /** What `select version()` says. */
  readonly version: string
  query<Row extends QueryResultRow>(text: string): Promise<Row[]>
  /** Has definitions printed with every schema meanwhile. */
  withQualifiedNames<T>(callback: () => Promise<T>): Promise<T>
  /** Sends a statement that changes rows. @returns how many */
  change(text: string): Promise<number>
  /** Resolves with the error that ended the session, if one does; never rejects. */
  readonly lost: Promise<Error>
  end(): Promise<void>
}

/** @throws DuroError with the code `connection` */
export async function openSession({ config, searchPath }: SessionOptions): Promise<Session> {
  const client = new GuardedClient({
    ...config,
    types: numbersAsNumbers,
    ...networkSettings,
  })
  const lost = new Promise<Error>((resolve) => {
    client.on('error', resolve)
    client.on('end', () => resolve(new Error('the connection was closed')))
  })
  const inTurn = createTurns()
  try {
    await client.connect()
    const { rows } = await client.query<{ pid: number; version: string }>(
      'select pg_backend_pid() as pid, version() as version',
    )
    const { pid = 0, version = '' } = rows[0] ?? {}
    if (engineOfVersion(version) !== 'redshift') throw new OtherEngineError('postgres', targetOf(client))
    const path = `set search_path to ${searchPath.map(quoteIdentifier).join(', ')}`
    await client.query(path)
    return {
      client,
      pid,
      version,
      lost,
      query: <Row extends QueryResultRow>(text: string) =>
        inTurn(async () => (await client.query<Row>(text)).rows),
      async withQualifiedNames(callback) {
        await client.query('set search_path to pg_catalog')
        try {
          return await callback()
        } finally {
          await client.query(path).catch(() => undefined)
        }
      },
      change: (text) => inTurn(async () => (await client.query(text)).rowCount ?? 0),
      end: () => client.end(),
    }
  } catch (error) {
    await client.end().catch(() => undefined)
    throw explainConnectionError(error, targetOf(client))
  }
}
