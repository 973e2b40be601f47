import { PostgresDialect, type Dialect } from 'kysely'
import { Pool, type ClientConfig } from 'pg'
import { StateClient } from '../../state-client.ts'
import { numbersAsNumbers, openSession, type Session } from './session.ts'

/** Opens sessions that are all alike. */
export interface Connector {
  open(): Promise<Session>
  using<T>(callback: (session: Session) => Promise<T>): Promise<T>
  /** One connection of its own for the state tables, with numbers as numbers. */
  readonly stateDialect: Dialect
}

export interface ConnectorOptions {
  /** Asked for each session: a password from IAM is good for minutes. */
  config: () => Promise<ClientConfig>
  searchPath: readonly string[]
}

export function createConnector({ config, searchPath }: ConnectorOptions): Connector {
  const open = async (): Promise<Session> => openSession({ config: await config(), searchPath })
  return {
    open,
    async using(callback) {
      const session = await open()
      try {
        return await callback(session)
      } finally {
        await session.end().catch(() => undefined)
      }
    },
    stateDialect: new PostgresDialect({
      pool: async () => {
        const first = await config()
        const pool = new Pool({
          ...first,
          // Asked for again when the connection is replaced: the one before may have expired.
          ...(first.password && { password: passwordFrom(config) }),
          Client: StateClient,
          max: 1,
          idleTimeoutMillis: 0,
          types: numbersAsNumbers,
        })
        // A connection that breaks while idle is replaced at the next query, which says what is wrong.
        pool.on('error', () => undefined)
        // One that breaks while a query is under way makes that query fail; unheard, it would end the process.
        pool.on('connect', (client) => void client.on('error', () => undefined))
        return pool
      },
    }),
  }
}

/** None is left to the driver, which looks for a file of passwords. */
const passwordFrom = (config: ConnectorOptions['config']) => async (): Promise<string> => {
  const { password } = await config()
  return typeof password === 'function' ? password() : (password ?? '')
}
