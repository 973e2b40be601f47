import { readFile } from 'node:fs/promises'

import { usingClient } from '../../client.ts'
import type { UpstreamNames } from '../translate/context.ts'

/** In this order: later ones use earlier ones. */
const FILES = [
  'tables.sql',
  'functions.sql',
  'settle-table.sql',
  'views.sql',
  'catalog.sql',
  'system-views.sql',
] as const

export interface Installer {
  /** Puts the schema `redshift_stand_in` into a database, once. */
  install(database: string): Promise<UpstreamNames>
  /** Writes something down in a session of its own, as the superuser. */
  record(database: string, sql: string, parameters: unknown[]): Promise<void>
  /** Writes down, once, for which name a short one stands. */
  keepLongName(database: string, short: string, long: string): Promise<void>
}

export function createInstaller(upstream: string): Installer {
  const installed = new Map<string, Promise<UpstreamNames>>()
  const kept = new Set<string>()
  const record: Installer['record'] = (database, sql, parameters) =>
    usingClient(withDatabase(upstream, database), async (client) => {
      await client.query(sql, parameters)
    })
  return {
    install(database) {
      const names = installed.get(database) ?? install(withDatabase(upstream, database))
      installed.set(database, names)
      // A database that was not there may be there next time.
      names.catch(() => installed.delete(database))
      return names
    },
    record,
    async keepLongName(database, short, long) {
      const known = `${database}.${long}`
      if (kept.has(known)) return
      await record(
        database,
        'insert into redshift_stand_in.long_names (short, long) values ($1, $2) on conflict do nothing',
        [short, long],
      )
      kept.add(known)
    },
  }
}

async function install(url: string): Promise<UpstreamNames> {
  const texts = await Promise.all(FILES.map((file) => readFile(new URL(file, import.meta.url), 'utf8')))
  return usingClient(url, async (client) => {
    await client.query('begin')
    // Two stand-ins may serve the same database.
    await client.query(`select pg_advisory_xact_lock(hashtext('redshift_stand_in'))`)
    const { rowCount } = await client.query(`select from pg_namespace where nspname = 'redshift_stand_in'`)
    if (rowCount === 0) for (const text of texts) await client.query(text)
    await client.query('commit')
    const functions = await client.query<{ name: string }>(
      `select distinct proname as name from pg_proc where pronamespace = 'pg_catalog'::regnamespace`,
    )
    const catalog = await client.query<{ name: string }>(
      `select relname as name from pg_class where relnamespace = 'pg_catalog'::regnamespace and relkind in ('r', 'v')`,
    )
    return {
      functions: new Set(functions.rows.map((row) => row.name)),
      catalog: new Set(catalog.rows.map((row) => row.name)),
    }
  })
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${encodeURIComponent(name)}`
  return changed.href
}
