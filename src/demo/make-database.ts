import { quoteIdentifier } from '../sql/identifiers.ts'
import { usingClient } from './using-client.ts'

/** Makes the database where it is missing. From template0, so that no session on template1 is in the way. */
export async function makeDatabase(adminUrl: string, name: string): Promise<void> {
  await usingClient(adminUrl, async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name])
    if (rowCount !== 0) return
    await client.query(`create database ${quoteIdentifier(name)} template template0 encoding 'UTF8'`)
  })
}
