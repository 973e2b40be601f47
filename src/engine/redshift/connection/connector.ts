import { PostgresDialect, type Dialect } from 'kysely'
import { Pool, type ClientConfig } from 'pg'
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
        const options = { ...(await config()), max: 1, idleTimeoutMillis: 0, types: numbersAsNumbers }
        const pool = new Pool(options)
        // A connection that breaks while idle is replaced at the next query, which says what is wrong.
        pool.on('error', () => undefined)
        // One that breaks while a query is under way makes that query fail; unheard, it would end the process.
        pool.on('connect', (client) => void client.on('error', () => undefined))
        return pool
      },
    }),
  }
}
