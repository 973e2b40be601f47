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
    ...sessionsBy(open),
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
          // oxlint-disable-next-line typescript/no-misused-promises -- the pool waits for it, as its types do not say
          onConnect: async (client) => {
            // What breaks while a query is under way makes that query fail; unheard, it would end the process.
            client.on('error', () => undefined)
            // The driver reads no dates but those of ISO.
            await client.query(`set datestyle to 'ISO'`)
          },
        })
        // A connection that breaks while idle is replaced at the next query, which says what is wrong.
        pool.on('error', () => undefined)
        return pool
      },
    }),
  }
}

/** @param open also one that does more than a connector does */
export const sessionsBy = (open: () => Promise<Session>): Pick<Connector, 'open' | 'using'> => ({
  open,
  async using(callback) {
    const session = await open()
    try {
      return await callback(session)
    } finally {
      await session.end().catch(() => undefined)
    }
  },
})

/** None is left to the driver, which looks for a file of passwords. */
const passwordFrom = (config: ConnectorOptions['config']) => async (): Promise<string> => {
  const { password } = await config()
  return typeof password === 'function' ? password() : (password ?? '')
}
