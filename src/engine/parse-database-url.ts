import type { ClientConfig } from 'pg'
import { parse, toClientConfig } from 'pg-connection-string'

/**
 * As in libpq, `sslmode=require` encrypts and does not verify; the driver's own reading differs, and calls that
 * `no-verify`, which libpq does not know.
 * @throws Error where it cannot be read
 */
export function parseDatabaseUrl(url: string): ClientConfig {
  const libpq = url.replace(/([?&]sslmode=)no-verify(?=&|$)/, '$1require')
  // The driver takes the setting from one place alone.
  const once = libpq.replace(/([?&])uselibpqcompat=[^&]*&?/, '$1')
  const config = toClientConfig(parse(once, { useLibpqCompat: true }))
  const database = databaseIn(once)
  return database === null ? config : { ...config, database }
}

/** The driver leaves `%23` and others as they are, and would open another database than was named. */
function databaseIn(url: string): string | null {
  const path = /^[a-z]+:\/\/[^/?#]*\/([^?#]+)/i.exec(url)?.[1]
  return path === undefined ? null : decodeURIComponent(path)
}
