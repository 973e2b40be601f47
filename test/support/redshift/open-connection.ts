import type { Socket } from 'node:net'

import type { Fault } from './fault.ts'
import { fatalError } from './protocol/fields.ts'
import { FrameReader, untyped } from './protocol/frames.ts'
import { readStartup } from './protocol/startup.ts'
import { Session } from './session.ts'
import type { ObjectStore } from './copy/object-store.ts'
import type { UpstreamNames } from './translate/context.ts'

export interface ConnectionOptions {
  /** Opens a connection to the PostgreSQL behind the stand-in. */
  connect(): Socket
  /** Puts into a database what translations need. */
  install(database: string): Promise<UpstreamNames>
  store: ObjectStore | null
  record(database: string, sql: string, parameters: unknown[]): Promise<void>
  onStatement(statement: string): Fault | null
}

/** Reads how a client begins, and gives it a session. */
export function openConnection(client: Socket, options: ConnectionOptions): void {
  const reader = new FrameReader()
  client.on('error', () => client.destroy())
  const onData = (chunk: Buffer): void => {
    reader.push(chunk)
    for (let packet = reader.nextUntyped(); packet !== null; packet = reader.nextUntyped()) {
      const begun = readStartup(packet)
      switch (begun.kind) {
        case 'encryption':
          client.write('N')
          break
        case 'cancel':
          client.off('data', onData)
          passOn(packet, client, options)
          return
        case 'refused':
          client.end(fatalError(begun.sqlstate, begun.message))
          return
        case 'session':
          client.off('data', onData)
          client.pause()
          void beginSession(packet, begun.database, client, options)
          return
      }
    }
  }
  client.on('data', onData)
}

/** A request to cancel is a connection of its own, without an answer. */
function passOn(packet: Buffer, client: Socket, options: ConnectionOptions): void {
  const upstream = options.connect()
  upstream.on('error', () => client.destroy())
  upstream.once('close', () => client.end())
  upstream.resume()
  upstream.write(untyped(packet))
}

async function beginSession(
  packet: Buffer,
  database: string,
  client: Socket,
  options: ConnectionOptions,
): Promise<void> {
  let names: UpstreamNames
  try {
    names = await options.install(database)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const sqlstate = error instanceof Error && 'code' in error ? String(error.code) : 'XX000'
    client.end(fatalError(sqlstate, reason))
    return
  }
  const upstream = options.connect()
  const session = new Session({
    client,
    upstream,
    onStatement: (statement) => options.onStatement(statement),
    context: {
      upstream: names,
      store: options.store,
      record: (sql, parameters) => options.record(database, sql, parameters),
    },
  })
  upstream.on('error', () => session.cut())
  upstream.on('data', (chunk) => session.fromServer(chunk))
  upstream.on('close', () => {
    void session.untilAllIsPassedOn().then(() => client.end(() => session.cut()))
  })
  client.on('data', (chunk) => session.fromClient(chunk))
  client.on('close', () => upstream.destroy())
  upstream.write(untyped(packet))
  client.resume()
}
