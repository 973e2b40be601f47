import type { Client, ClientConfig } from 'pg'
import { parse, toClientConfig } from 'pg-connection-string'
import { DuroError } from '../../../errors.ts'

const defaultPort = 5439

/**
 * @param url `redshift://…` or `postgres://…`. The connection is encrypted unless the URL says otherwise, or leads to
 * this machine by `postgres://`, where a tunnel ends. Where AWS has to say which host it is, it is left open.
 */
export function parseConnection(url: string): ClientConfig {
  try {
    const parsed = new URL(url.replace(/^redshift:/i, 'postgres:'))
    const isRedshiftUrl = /^redshift:/i.test(url)
    if (parsed.port === '' && isRedshiftUrl) parsed.port = String(defaultPort)
    const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(parsed.hostname)
    const isPlain = parsed.hostname === '' || (isHere && !isRedshiftUrl)
    const mode = parsed.searchParams.get('sslmode') ?? (isPlain ? null : 'require')
    // As in libpq, `sslmode=require` encrypts and does not verify; the driver's own reading differs, and calls that
    // `no-verify`, which the other one does not know.
    if (mode !== null) parsed.searchParams.set('sslmode', mode === 'no-verify' ? 'require' : mode)
    return toClientConfig(parse(parsed.href, { useLibpqCompat: true }))
  } catch (error) {
    throw new DuroError('usage', 'the database URL cannot be read', {
      hint: 'It looks like redshift://user:password@host:5439/name.',
      cause: error,
    })
  }
}

/** `host:port/database`, for messages: no user, no password. */
export const targetOf = ({ host, port, database }: Client): string => `${host}:${port}/${database ?? ''}`
