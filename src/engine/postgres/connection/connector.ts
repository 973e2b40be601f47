import { PostgresDialect, type Dialect } from 'kysely'
import pg from 'pg'
import { openSession, usingSession, type Session } from './session.ts'

/** Opens sessions that are all alike. */
export interface Connector {
  open(purpose: string): Promise<Session>
  using<T>(purpose: string, callback: (session: Session) => Promise<T>): Promise<T>
  /** One connection of its own for the state tables, with numbers as numbers. */
  readonly stateDialect: Dialect
}

export interface ConnectorOptions {
  config: pg.ClientConfig
  searchPath: readonly string[]
}

const int8 = 20

export function createConnector({ config, searchPath }: ConnectorOptions): Connector {
  const optionsFor = (purpose: string) => ({ config, searchPath, applicationName: `duro ${purpose}` })
  return {
    open: (purpose) => openSession(optionsFor(purpose)),
    using: (purpose, callback) => usingSession(optionsFor(purpose), callback),
    stateDialect: new PostgresDialect({
      pool: async () => {
        const pool = new pg.Pool({
          ...config,
          application_name: 'duro state',
          max: 1,
          idleTimeoutMillis: 0,
          types: {
            getTypeParser: (oid: number, format?: 'text' | 'binary') =>
              oid === int8
                ? Number
                : format === 'binary'
                  ? pg.types.getTypeParser(oid, format)
                  : pg.types.getTypeParser(oid),
          },
        })
        // A connection that breaks while idle is replaced at the next query, which says what is wrong.
        pool.on('error', () => undefined)
        return pool
      },
    }),
  }
}
