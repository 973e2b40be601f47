import type { Client, ClientConfig, QueryConfig, QueryResultRow } from 'pg'
import { errorCodeOf } from '../../connection-loss.ts'
import { GuardedClient } from '../../guarded-client.ts'
import { engineOfVersion, isLoginOfRedshift, OtherEngineError } from '../../other-engine-error.ts'
import { createTurns } from '../../turns.ts'
import { explainConnectionError } from './connection-error.ts'
import { networkSettings } from '../../network-settings.ts'
import { expectedSettings, targetOf } from './connection-settings.ts'

/**
 * A cut network is noticed within some six seconds on both sides instead of minutes, and the server ends
 * a long statement when its client is gone. `set_config` because settings that a server does not have
 * must not be fatal.
 */
const sessionSettings: Record<string, string> = {
  tcp_keepalives_idle: '2',
  tcp_keepalives_interval: '1',
  tcp_keepalives_count: '3',
  tcp_user_timeout: '5000',
  client_connection_check_interval: '1000',
  idle_in_transaction_session_timeout: '0',
  idle_session_timeout: '0',
  transaction_timeout: '0',
  statement_timeout: '0',
  lock_timeout: '0',
  ...expectedSettings,
}

export interface SessionOptions {
  config: ClientConfig
  /** Schemas in which unqualified names are looked up. */
  searchPath: readonly string[]
  /** What `pg_stat_activity` shows. */
  applicationName: string
}

/** One connection to the server, in the state in which every part of duro expects it. */
export interface Session {
  readonly client: Client
  /** The server's process that serves this session. */
  readonly pid: number
  /** `server_version_num`: 180004. */
  readonly version: number
  /** `server_encoding`: `UTF8`. */
  readonly encoding: string
  /** @param name under which the session keeps the statement, where it is asked again and again */
  query<Row extends QueryResultRow>(text: string, values?: unknown[], name?: string): Promise<Row[]>
  /** Resolves with the error that ended the session, if one does; never rejects. */
  readonly lost: Promise<Error>
  end(): Promise<void>
}

/** @throws DuroError with the code `connection` */
export async function openSession(options: SessionOptions): Promise<Session> {
  const client = new GuardedClient({
    ...options.config,
    application_name: options.applicationName,
    ...networkSettings,
  })
  const lost = new Promise<Error>((resolve) => {
    client.on('error', resolve)
    client.on('end', () => resolve(new Error('the connection was closed')))
  })
  const inTurn = createTurns()
  let connected = false
  try {
    await client.connect()
    connected = true
    return {
      client,
      ...(await prepareSession(client, options.searchPath)),
      lost,
      query: <Row extends QueryResultRow>(text: string, values?: unknown[], name?: string) =>
        inTurn(async () => (await client.query<Row>(config(text, values, name))).rows),
      end: () => client.end(),
    }
  } catch (error) {
    const other = await otherEngine(client, connected, error)
    await client.end().catch(() => undefined)
    throw other ?? explainConnectionError(error, targetOf(client))
  }
}

const config = (text: string, values?: unknown[], name?: string): QueryConfig => ({
  text,
  ...(values && { values }),
  ...(name !== undefined && { name }),
})

/** Redshift knows nothing of what was set. */
async function otherEngine(
  client: Client,
  connected: boolean,
  error: unknown,
): Promise<OtherEngineError | null> {
  if (isLoginOfRedshift(error)) return new OtherEngineError('redshift', targetOf(client))
  // The driver lets a question wait for a connection, also when it will never be there.
  if (!connected) return null
  try {
    const { rows } = await client.query<{ version: string }>('select version() as version')
    const engine = engineOfVersion(rows[0]?.version ?? '')
    return engine === 'postgres' ? null : new OtherEngineError(engine, targetOf(client))
  } catch {
    return null
  }
}

type Known = Pick<Session, 'pid' | 'version' | 'encoding'>

async function prepareSession(client: Client, searchPath: readonly string[]): Promise<Known> {
  const settings: Record<string, string> = {
    ...sessionSettings,
    search_path: searchPath.map((name) => client.escapeIdentifier(name)).join(', '),
  }
  try {
    return await applySettings(client, settings)
  } catch (error) {
    if (errorCodeOf(error) !== '22023') throw error
    // A server on Windows or macOS cannot look after its clients, and takes no other value than 0.
    const { client_connection_check_interval: _, ...supported } = settings
    return applySettings(client, supported)
  }
}

async function applySettings(client: Client, settings: Readonly<Record<string, string>>): Promise<Known> {
  const result = await client.query<Known & Record<string, unknown>>(
    `select pg_backend_pid() as pid, current_setting('server_version_num')::integer as version,
            current_setting('server_encoding') as encoding,
            (select count(set_config(s.name, wanted.value, false))
             from json_each_text($1::json) as wanted(name, value)
             join pg_settings s on s.name = wanted.name) as applied`,
    [JSON.stringify(settings)],
  )
  const { pid = 0, version = 0, encoding = '' } = result.rows[0] ?? {}
  return { pid, version, encoding }
}
