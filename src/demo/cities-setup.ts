import { applyFixture } from './apply-fixture.ts'
import { databaseUrl } from './database-url.ts'
import { makeDatabase } from './make-database.ts'

/**
 * Fills the database that `fixtures/cities` reads, and makes it where it is missing.
 * @param adminUrl any database of the server, as a role that may create roles and databases
 */
export async function setUpCities(adminUrl: string, options: { target: string }): Promise<void> {
  await makeDatabase(adminUrl, options.target)
  await applyFixture(databaseUrl(adminUrl, options.target), 'cities/setup/01_sources.sql')
}
