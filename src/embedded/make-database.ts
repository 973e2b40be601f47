import { type Client, escapeIdentifier } from 'pg'

import { hasCode } from './error-code.ts'

/** Makes a database where it is missing. */
export async function makeDatabase(session: Client, name: string): Promise<void> {
  const { rowCount } = await session.query('select from pg_database where datname = $1', [name])
  if (rowCount !== 0) return
  try {
    await session.query(`create database ${escapeIdentifier(name)}`)
  } catch (error) {
    // 42P04, or 23505 at the very same moment: another command made it.
    if (!hasCode(error, '42P04', '23505')) throw error
  }
}
