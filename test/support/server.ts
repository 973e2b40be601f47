import { query } from './client.ts'

export interface ServerVersion {
  /** As PostgreSQL numbers it: 180004 is 18.4. */
  number: number
  text: string
}

export async function serverVersion(url: string): Promise<ServerVersion> {
  const [row] = await query<{ number: number; text: string }>(
    url,
    `select current_setting('server_version_num')::int as number, current_setting('server_version') as text`,
  )
  if (row === undefined) throw new Error('the server did not tell its version')
  return row
}

/** Drops what tests left: databases that were not dropped by those who made them, and templates. */
export async function dropDatabasesOf(url: string, prefix: string): Promise<void> {
  const left = await query<{ statement: string }>(
    url,
    `select format('drop database if exists %I with (force)', datname) as statement
     from pg_database where starts_with(datname, $1)`,
    [prefix],
  )
  for (const { statement } of left) await query(url, statement)
}
