import type { ClientConfig } from 'pg'
import { GuardedClient } from './guarded-client.ts'
import { networkSettings } from './network-settings.ts'

/** The connection of the state tables. Its settings are not told to the pool, which would also let queries wait no longer than that until its one connection is free. */
export class StateClient extends GuardedClient {
  constructor(config?: ClientConfig) {
    // Not spread: the pool hides the password from whoever lists its options.
    super(Object.assign(Object.create(config ?? {}), networkSettings))
  }
}
