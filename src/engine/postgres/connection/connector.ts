import { PostgresDialect, type Dialect } from 'kysely'
import { Pool, TypeOverrides, types, type ClientConfig } from 'pg'
import { StateClient } from '../../state-client.ts'
import { expectedSettings } from './connection-settings.ts'
import { openSession, usingSession, type Session } from './session.ts'

/** Opens sessions that are all alike. */
export interface Connector {
  open(purpose: string): Promise<Session>
  using<T>(purpose: string, callback: (session: Session) => Promise<T>): Promise<T>
  /** One connection of its own for the state tables, with numbers as numbers. */
  readonly stateDialect: Dialect
}

export interface ConnectorOptions {
  config: ClientConfig
  searchPath: readonly string[]
}

/** The driver gives `bigint` as text, so that no digit is lost; duro's own counts fit into a number. */
const numbersAsNumbers = new TypeOverrides()
numbersAsNumbers.setTypeParser(types.builtins.INT8, Number)

/**
 * The driver reads no dates but those of ISO; in the German style every view would look as if it was never built.
 * Only here: what a view makes of a date is left as its database has it.
 */
const stateSettings = { ...expectedSettings, datestyle: 'ISO', statement_timeout: '0', lock_timeout: '0' }

const applySettings = Object.entries(stateSettings)
  .map(([name, value]) => `set ${name} = '${value}'`)
  .join('; ')

export function createConnector({ config, searchPath }: ConnectorOptions): Connector {
  const optionsFor = (purpose: string) => ({ config, searchPath, applicationName: `duro ${purpose}` })
  return {
    open: (purpose) => openSession(optionsFor(purpose)),
    using: (purpose, callback) => usingSession(optionsFor(purpose), callback),
    stateDialect: new PostgresDialect({
      pool: async () => {
        const pool = new Pool({
          ...config,
          Client: StateClient,
          application_name: 'duro state',
          max: 1,
          idleTimeoutMillis: 0,
          types: numbersAsNumbers,
          // Not Kysely's own hook: a connection that breaks in it is never given back, and waited for at the end.
          // oxlint-disable-next-line typescript/no-misused-promises -- the pool waits for it, as its types do not say
          onConnect: async (client) => {
            // What breaks while a query is under way makes that query fail; unheard, it would end the process.
            client.on('error', () => undefined)
            await client.query(applySettings)
          },
        })
        // A connection that breaks while idle is replaced at the next query, which says what is wrong.
        pool.on('error', () => undefined)
        return pool
      },
    }),
  }
}
