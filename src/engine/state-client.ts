import { Client, type ClientConfig } from 'pg'
import { networkSettings } from './network-settings.ts'

/** The connection of the state tables. Its settings are not told to the pool, which would also let queries wait no longer than that until its one connection is free. */
export class StateClient extends Client {
  constructor(config?: ClientConfig) {
    // Not spread: the pool hides the password from whoever lists its options.
    super(Object.assign(Object.create(config ?? {}), networkSettings))
  }
}
