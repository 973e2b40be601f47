import { PostgresDialect, type Dialect } from 'kysely'
import { Pool, type ClientConfig, type PoolClient, type PoolConfig } from 'pg'
import { GuardedClient } from './guarded-client.ts'
import { networkSettings } from './network-settings.ts'
import { numbersAsNumbers } from './numbers-as-numbers.ts'

export interface StateConnection {
  /** Asked for each new connection. */
  config: () => Promise<PoolConfig>
  /** Statements that each new connection begins with. */
  settings: string
  /** Why there is no connection. */
  explain: (error: unknown) => Error | Promise<Error>
}

/**
 * For the state tables: one connection of its own, opened when it is first needed, with numbers as numbers.
 */
export function createStateDialect({ config, settings, explain }: StateConnection): Dialect {
  return new PostgresDialect({
    pool: async () => {
      const pool = new Pool({
        ...(await config()),
        Client: StateClient,
        max: 1,
        idleTimeoutMillis: 0,
        types: numbersAsNumbers,
        // Not Kysely's own hook: a connection that breaks in it is never given back, and waited for at the end.
        // oxlint-disable-next-line typescript/no-misused-promises -- the pool waits for it, as its types do not say
        onConnect: async (client) => {
          // What breaks while a query is under way makes that query fail; unheard, it would end the process.
          client.on('error', () => undefined)
          await client.query(settings)
        },
      })
      // A connection that breaks while idle is replaced at the next query, which says what is wrong.
      pool.on('error', () => undefined)
      const connect = async (): Promise<PoolClient> => {
        try {
          return await pool.connect()
        } catch (error) {
          throw await explain(error)
        }
      }
      return { connect, end: () => pool.end() }
    },
  })
}

/**
 * The network's settings are not told to the pool, which would also let queries wait no longer than that until its one
 * connection is free.
 */
class StateClient extends GuardedClient {
  constructor(config?: ClientConfig) {
    // Not spread: the pool hides the password from whoever lists its options.
    super(Object.assign(Object.create(config ?? {}), networkSettings))
  }
}
