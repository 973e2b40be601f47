import { readFile } from 'node:fs/promises'
import { usingClient } from './using-client.ts'

/** Where the fixtures lie in the package; the same from `src` and from `dist`. */
const FIXTURES = new URL('../../fixtures/', import.meta.url)

/** What the SQL reads with `current_setting`, such as `fixture.scale`. */
export type FixtureSettings = Readonly<Record<`fixture.${string}`, string>>

/**
 * Runs a file of SQL in the database of `url`, as one transaction.
 * @param file path within `fixtures/`, such as `grants/setup/04_new_donations.sql`
 */
export async function applyFixture(url: string, file: string, settings: FixtureSettings = {}): Promise<void> {
  const sql = await readFile(new URL(file, FIXTURES), 'utf8')
  await usingClient(url, async (client) => {
    for (const [name, value] of Object.entries(settings)) {
      await client.query('select set_config($1, $2, false)', [name, value])
    }
    await client.query(sql)
  })
}
