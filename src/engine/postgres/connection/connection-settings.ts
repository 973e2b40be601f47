import type pg from 'pg'
import { parse, toClientConfig } from 'pg-connection-string'
import { DuroError } from '../../../errors.ts'

/** @param url `postgres://…`; null: the `PG*` variables, which the driver reads itself */
export function parseConnection(url: string | null): pg.ClientConfig {
  if (url === null) return {}
  try {
    // As in libpq, `sslmode=require` encrypts and does not verify; the driver's own reading differs.
    return toClientConfig(parse(url, { useLibpqCompat: true }))
  } catch (error) {
    throw new DuroError('usage', 'the database URL cannot be read', {
      hint: 'It looks like postgres://user:password@host:5432/name.',
      cause: error,
    })
  }
}

/** `host:port/database`, for messages: no user, no password. */
export function targetOf(client: pg.Client): string {
  const host = client.host.startsWith('/') ? client.host : `${client.host}:${client.port}`
  return `${host}/${client.database ?? ''}`
}
