import type { EngineName } from '../sql/engine-name.ts'
import { GuardedClient } from './guarded-client.ts'
import { engineOfVersion, isLoginOfRedshift } from './other-engine-error.ts'
import { parseDatabaseUrl } from './parse-database-url.ts'

/** Milliseconds until a host that does not answer counts as unreachable. */
const patience = 3000

/** Asks a server what it is; null: it cannot be asked. Nothing is set, since an unknown setting is fatal on Redshift. */
export async function detectEngine(url: string): Promise<EngineName | null> {
  try {
    return await askVersion(
      new GuardedClient({ ...parseDatabaseUrl(url), connectionTimeoutMillis: patience }),
    )
  } catch (error) {
    return isLoginOfRedshift(error) ? 'redshift' : null
  }
}

async function askVersion(client: GuardedClient): Promise<EngineName> {
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<{ version: string }>('select version() as version')
    return engineOfVersion(rows[0]?.version ?? '')
  } finally {
    await client.end().catch(() => undefined)
  }
}
