import type { Dialect } from 'kysely'
import { Client, type ClientConfig } from 'pg'
import { createStateDialect } from '../../state-dialect.ts'
import { usingSession } from '../../using-session.ts'
import { explainConnectionError } from './connection-error.ts'
import { expectedSettings, targetOf } from './connection-settings.ts'
import { openSession, type Session } from './session.ts'

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

/**
 * The driver reads no dates but those of ISO; in the German style every view would look as if it was never built.
 * Only here: what a view makes of a date is left as its database has it.
 */
const stateSettings = { ...expectedSettings, datestyle: 'ISO', statement_timeout: '0', lock_timeout: '0' }

const applySettings = Object.entries(stateSettings)
  .map(([name, value]) => `set ${name} = '${value}'`)
  .join('; ')

export function createConnector({ config, searchPath }: ConnectorOptions): Connector {
  const open = (purpose: string): Promise<Session> =>
    openSession({ config, searchPath, applicationName: `duro ${purpose}` })
  return {
    open,
    using: (purpose, callback) => usingSession(() => open(purpose), callback),
    stateDialect: createStateDialect({
      config: () => Promise.resolve({ ...config, application_name: 'duro state' }),
      settings: applySettings,
      explain: (error) => explainConnectionError(error, targetOf(new Client(config))),
    }),
  }
}
