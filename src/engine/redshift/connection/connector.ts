import type { Dialect } from 'kysely'
import { Client, type ClientConfig } from 'pg'
import { createStateDialect } from '../../state-dialect.ts'
import { usingSession } from '../../using-session.ts'
import { explainConnectionError } from './connection-error.ts'
import { targetOf } from './connection-settings.ts'
import { openSession, type Session } from './session.ts'

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
    // The driver reads no dates but those of ISO.
    stateDialect: createStateDialect({
      config: async () => {
        const first = await config()
        // Asked for again when the connection is replaced: the one before may have expired.
        return { ...first, ...(first.password && { password: passwordFrom(config) }) }
      },
      settings: `set datestyle to 'ISO'`,
      explain: async (error) => explainConnectionError(error, targetOf(new Client(await config()))),
    }),
  }
}

/** @param open also one that does more than a connector does */
export const sessionsBy = (open: () => Promise<Session>): Pick<Connector, 'open' | 'using'> => ({
  open,
  using: (callback) => usingSession(open, callback),
})

/** None is left to the driver, which looks for a file of passwords. */
const passwordFrom = (config: ConnectorOptions['config']) => async (): Promise<string> => {
  const { password } = await config()
  return typeof password === 'function' ? password() : (password ?? '')
}
