import type pg from 'pg'
import { DuroError } from '../../../errors.ts'
import { parseDatabaseUrl } from '../../parse-database-url.ts'

/** @param url `postgres://…`; null: the `PG*` variables, which the driver reads itself */
export function parseConnection(url: string | null): pg.ClientConfig {
  if (url === null) return {}
  try {
    return parseDatabaseUrl(url)
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

/**
 * What every statement of duro relies on, whatever is set for the role or the database: selects mean what the parser
 * took them to mean, what the server prints is quoted as expected and exact, and a transaction may write, sees what
 * others have committed meanwhile, and does not fail because of them.
 */
export const expectedSettings: Readonly<Record<string, string>> = {
  standard_conforming_strings: 'on',
  quote_all_identifiers: 'off',
  extra_float_digits: '1',
  default_transaction_isolation: 'read committed',
  default_transaction_read_only: 'off',
  default_transaction_deferrable: 'off',
}
