import { rmSync } from 'node:fs'
import { chmod, cp, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startEmbeddedServer, type EmbeddedServer } from '../embedded/start-embedded-server.ts'
import { databaseUrl } from './database-url.ts'
import { setUpGrants } from './grants-setup.ts'
import { startEvents, type Events } from './start-events.ts'
import { untilAborted } from './until-aborted.ts'

/** The grants portal of `fixtures/grants` on a server of its own. */
export interface Portal {
  /** The portal's database, as a superuser. */
  url: string
  /** The database of the indexer, that the portal reads over postgres_fdw. */
  indexerUrl: string
  /** The project: a copy of `fixtures/grants`. */
  root: string
  /** What it imports. */
  events: Events
}

export interface PortalOptions {
  /** How many donations. */
  scale: number
  signal: AbortSignal
  /** What is made next, in words. */
  onStep: (text: string) => void
  onNotice: (text: string) => void
}

const views = fileURLToPath(new URL('../../fixtures/grants/', import.meta.url))

/** Nothing of it survives: a crash may lose all. */
const settings = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' }

/** Makes the portal, and removes all of it whatever happens. */
export async function usingPortal<T>(
  options: PortalOptions,
  callback: (portal: Portal) => Promise<T>,
): Promise<T> {
  const folder = await makeFolder()
  let server: EmbeddedServer | null = null
  const events = await startEvents(options.scale)
  const removeAtOnce = (): void => killAndRemove(folder, server)
  process.once('exit', removeAtOnce)
  try {
    options.onStep(`Starts a PostgreSQL in ${folder}`)
    server = await startEmbeddedServer({
      dataDirectory: join(folder, 'postgres'),
      settings,
      onNotice: options.onNotice,
    })
    return await callback({ ...(await fill(server.url, folder, options)), events })
  } finally {
    await events.stop()
    await server?.stop()
    for (const place of placesOf(folder, server)) await rm(place, { recursive: true, force: true })
    process.off('exit', removeAtOnce)
  }
}

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'duro-demo-'))
  await chmod(folder, 0o755) // as root, the server runs as another user
  return folder
}

async function fill(
  serverUrl: string,
  folder: string,
  options: PortalOptions,
): Promise<Omit<Portal, 'events'>> {
  const { scale, signal, onStep } = options
  onStep(`Makes ${scale.toLocaleString('en')} donations and all around them, in three databases`)
  const databases = { indexer: 'indexer', maci: 'maci', target: 'portal' }
  await untilAborted(signal, () => setUpGrants(serverUrl, { scale, ...databases }))
  const root = join(folder, 'grants')
  await cp(join(views, 'duro.yaml'), join(root, 'duro.yaml'))
  await cp(join(views, 'views'), join(root, 'views'), { recursive: true })
  return {
    root,
    url: databaseUrl(serverUrl, databases.target),
    indexerUrl: databaseUrl(serverUrl, databases.indexer),
  }
}

/** The server may have had to keep its data somewhere else. */
function placesOf(folder: string, server: EmbeddedServer | null): string[] {
  return server === null ? [folder] : [folder, dirname(server.dataDirectory)]
}

/** For a second Ctrl-C, which leaves no time to wait: an immediate shutdown, as the data is thrown away. */
function killAndRemove(folder: string, server: EmbeddedServer | null): void {
  try {
    if (server !== null) process.kill(server.pid, 'SIGQUIT')
  } catch {
    // It is gone already.
  }
  for (const place of placesOf(folder, server)) {
    rmSync(place, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  }
}
