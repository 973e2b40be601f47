import type { Client, ClientConfig } from 'pg'
import { DuroError } from '../../../errors.ts'
import { parseDatabaseUrl } from '../../parse-database-url.ts'

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
    if (!isPlain && !parsed.searchParams.has('sslmode')) parsed.searchParams.set('sslmode', 'require')
    return parseDatabaseUrl(parsed.href)
  } catch (error) {
    throw new DuroError('usage', 'the database URL cannot be read', {
      hint: 'It looks like redshift://user:password@host:5439/name.',
      cause: error,
    })
  }
}

/** `host:port/database`, for messages: no user, no password. */
export const targetOf = ({ host, port, database }: Client): string => `${host}:${port}/${database ?? ''}`
