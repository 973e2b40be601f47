import type { Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'

import type { ObjectStore } from './copy/object-store.ts'
import type { Fault } from './fault.ts'
import { digestRequest } from './protocol/digest-request.ts'
import { fatalError } from './protocol/fields.ts'
import { FrameReader, untyped } from './protocol/frames.ts'
import { readStartup, type Startup } from './protocol/startup.ts'
import type { Installer } from './schema/installer.ts'
import { Session } from './session.ts'
import type { UpstreamNames } from './translate/context.ts'

export interface Certificate {
  key: string
  cert: string
}

export interface ConnectionOptions {
  /** Opens a connection to the PostgreSQL behind the stand-in. */
  connect(): Socket
  installer: Installer
  store: ObjectStore | null
  /** Null: connections are not encrypted. */
  tls: Certificate | null
  requireTls: boolean
  /** Users whose passwords are kept so that only Redshift's own drivers can log in. */
  sha256Users: readonly string[]
  onStatement(statement: string): Fault | null
}

/** Reads how a client begins, and gives it a session. */
export function openConnection(client: Socket, options: ConnectionOptions): void {
  const reader = new FrameReader()
  client.on('error', () => client.destroy())
  const onData = (chunk: Buffer): void => {
    reader.push(chunk)
    const packet = reader.nextUntyped()
    if (packet === null) return
    const begun = readStartup(packet)
    if (begun.kind === 'encryption' && (begun.how !== 'tls' || options.tls === null)) {
      client.write('N')
      return
    }
    client.off('data', onData)
    if (begun.kind === 'encryption') encrypt(client, options)
    else if (begun.kind === 'cancel') passOn(packet, client, options)
    else if (begun.kind === 'refused') client.end(fatalError(begun.sqlstate, begun.message))
    else void beginSession(packet, begun, client, options)
  }
  client.on('data', onData)
}

function encrypt(client: Socket, options: ConnectionOptions): void {
  client.write('S')
  const secureContext = createSecureContext(options.tls ?? {})
  openConnection(new TLSSocket(client, { isServer: true, secureContext }), options)
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
  { user, database }: Extract<Startup, { kind: 'session' }>,
  client: Socket,
  options: ConnectionOptions,
): Promise<void> {
  const { installer } = options
  if (options.requireTls && !(client instanceof TLSSocket)) {
    const message = `no pg_hba.conf entry for host "127.0.0.1", user "${user}", database "${database}", SSL off`
    client.end(fatalError('28000', message))
    return
  }
  if (options.sha256Users.includes(user)) {
    client.write(digestRequest())
    return
  }
  client.pause()
  let names: UpstreamNames
  try {
    names = await installer.install(database)
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
      record: (sql, parameters) => installer.record(database, sql, parameters),
      keepLongName: (short, long) => installer.keepLongName(database, short, long),
    },
  })
  upstream.on('error', () => session.cut())
  upstream.on('data', (chunk) => session.fromServer(chunk))
  upstream.on('close', () => {
    void session.untilAllIsPassedOn().then(() => client.end(() => session.cut()))
  })
  client.on('data', (chunk) => session.fromClient(chunk))
  client.on('close', () => session.cut())
  upstream.write(untyped(packet))
  client.resume()
}
