import { connect, createServer, type Socket } from 'node:net'

import type { Hook } from './fault.ts'
import { connectObjectStore, type ObjectStoreOptions } from './copy/object-store.ts'
import { createInstaller } from './schema/installer.ts'
import { openConnection, type Certificate } from './open-connection.ts'

export type { Fault, Hook } from './fault.ts'
export type { Certificate } from './open-connection.ts'

export interface StandInOptions {
  /** The PostgreSQL behind it: a superuser's URL. */
  upstream: string
  /** Where `copy … from 's3://…'` and `unload` find their objects; null: they fail as without access. */
  s3?: ObjectStoreOptions | null
  /** Encrypts connections of clients that ask for it; `makeCertificate` makes one. */
  tls?: Certificate | null
  /** Refuses connections that are not encrypted. */
  requireTls?: boolean
  /** Users who are asked for their password as Redshift asks for one that it keeps as a SHA-256 digest. */
  sha256Users?: readonly string[]
}

export interface StandIn {
  /** On loopback, for the user and password of the upstream URL. @param database default: the one of the upstream URL */
  url(database?: string): string
  /** Every statement that came, as text, in order. */
  readonly statements: readonly string[]
  /**
   * Decides what happens to a statement before it runs; null lets all run.
   * Prepared statements are told when they are executed.
   */
  onStatement(hook: Hook | null): void
  close(): Promise<void>
}

/**
 * A server that speaks like Amazon Redshift, in front of a PostgreSQL: it lets through what Redshift knows, rejects what
 * it does not, and translates what PostgreSQL lacks.
 *
 * It cannot show Redshift's isolation, what readers see during a swap, or its speed; conflicts have to be injected. It
 * does not know aliases that are used beside their definition in a select list, `#names` of temporary tables, paths
 * into `super`, long names in strings (`'…'::regclass`), and lengths of `char` in bytes. Text that a query computes is
 * `varchar(65535)` in the table that `create table … as` makes, and `avg` of integers is not cut to an integer.
 */
export async function startStandIn(options: StandInOptions): Promise<StandIn> {
  const upstream = new URL(options.upstream)
  const statements: string[] = []
  const sockets = new Set<Socket>()
  const store = options.s3 ? connectObjectStore(options.s3) : null
  let hook: Hook | null = null
  const installer = createInstaller(options.upstream)
  const server = createServer({ noDelay: true }, (client) => {
    sockets.add(client)
    client.once('close', () => sockets.delete(client))
    openConnection(client, {
      connect: () => connect({ host: upstream.hostname, port: Number(upstream.port || 5432), noDelay: true }),
      installer,
      store,
      tls: options.tls ?? null,
      requireTls: options.requireTls ?? false,
      sha256Users: options.sha256Users ?? [],
      onStatement(statement) {
        statements.push(statement)
        return hook?.(statement, statements.length - 1) ?? null
      },
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the stand-in has no port')

  return {
    url(database) {
      const url = new URL(options.upstream)
      url.host = `127.0.0.1:${address.port}`
      if (database !== undefined) url.pathname = `/${encodeURIComponent(database)}`
      return url.href
    },
    statements,
    onStatement(next) {
      hook = next
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      await closed
      store?.close()
    },
  }
}
