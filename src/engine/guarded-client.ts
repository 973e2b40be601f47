import type { Duplex } from 'node:stream'
import { Client, type ClientConfig } from 'pg'
import { toError } from '../errors.ts'

/**
 * A client whose session ends with an error where the driver's own would end the process: at messages it does not know,
 * such as Redshift's question for a sha256 password, the driver throws while it handles an event, where nobody catches.
 * Every connection is one, also those to PostgreSQL: nobody knows what a server is before it has let us in.
 */
export class GuardedClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config)
    const { connection, ssl } = this
    // From here on the driver reads messages; what it reads before is one byte.
    connection.once(ssl ? 'sslconnect' : 'connect', () => endWhereThrown(connection.stream))
  }
}

function endWhereThrown(stream: Duplex): void {
  const listeners = stream.listeners('data')
  stream.removeAllListeners('data')
  stream.on('data', (chunk: Buffer) => {
    try {
      for (const listener of listeners) Reflect.apply(listener, stream, [chunk])
    } catch (error) {
      stream.destroy(toError(error))
    }
  })
}
