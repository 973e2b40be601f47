import { applyFixture, type FixtureSettings } from './apply-fixture.ts'
import { databaseUrl } from './database-url.ts'
import { quoteIdentifier } from '../sql/identifiers.ts'
import { makeDatabase } from './make-database.ts'
import { usingClient } from './using-client.ts'

export interface GrantsOptions {
  /** How many donations; everything else is in proportion. From 500 on, every kind of row occurs. */
  scale: number
  /** The portal's database. */
  target: string
  /** The databases that it reads over postgres_fdw; by default `<target>_indexer` and `<target>_maci`. */
  indexer?: string
  maci?: string
}

/**
 * Fills the three databases of `fixtures/grants`, and makes those that are missing.
 * @param adminUrl any database of the server, as a superuser
 */
export async function setUpGrants(adminUrl: string, options: GrantsOptions): Promise<void> {
  const { scale, target, indexer = `${target}_indexer`, maci = `${target}_maci` } = options
  for (const name of [indexer, maci, target]) await makeDatabase(adminUrl, name)

  const sized = { 'fixture.scale': String(scale) }
  await applyFixture(databaseUrl(adminUrl, indexer), 'grants/setup/01_indexer.sql', sized)
  await applyFixture(databaseUrl(adminUrl, maci), 'grants/setup/02_maci.sql', sized)
  await applyFixture(databaseUrl(adminUrl, target), 'grants/setup/03_portal.sql', {
    ...sized,
    ...(await readServerAddress(adminUrl)),
    'fixture.indexer': indexer,
    'fixture.maci': maci,
  })
}

/** Removes the three databases, also while connections of postgres_fdw are open. */
export async function dropGrants(adminUrl: string, options: Omit<GrantsOptions, 'scale'>): Promise<void> {
  const { target, indexer = `${target}_indexer`, maci = `${target}_maci` } = options
  await usingClient(adminUrl, async (client) => {
    for (const name of [target, indexer, maci]) {
      await client.query(`drop database if exists ${quoteIdentifier(name)} with (force)`)
    }
  })
}

/** How the server reaches itself: behind a container's mapped port that is not the address in the URL. */
async function readServerAddress(adminUrl: string): Promise<FixtureSettings> {
  return usingClient(adminUrl, async (client) => {
    const { rows } = await client.query<{ host: string; port: string }>(`
      select
        coalesce(host(inet_server_addr()), 'localhost') as host,
        coalesce(inet_server_port()::text, current_setting('port')) as port
    `)
    return {
      'fixture.host': rows[0]?.host ?? '',
      'fixture.port': rows[0]?.port ?? '',
      'fixture.user': client.user ?? '',
      'fixture.password': client.password ?? '',
    }
  })
}
