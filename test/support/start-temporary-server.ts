import { rmSync } from 'node:fs'
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { hasCode } from '../../src/embedded/error-code.ts'
import { readPostmaster } from '../../src/embedded/postmaster.ts'
import { startEmbeddedServer } from '../../src/embedded/start-embedded-server.ts'
import type { TestServer } from './start-server.ts'

/** What a crash would lose does not matter here; everything else stays as people run it. */
const SETTINGS = {
  fsync: 'off',
  full_page_writes: 'off',
  max_connections: '200',
  shared_buffers: '128MB',
  synchronous_commit: 'off',
  track_activities: 'on',
}

const PREFIX = 'duro-test-server-'

/** An embedded server in a new folder, which goes away with this process at the latest. */
export async function startTemporaryServer(): Promise<TestServer> {
  await removeOrphans()
  const folder = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`))
  await chmod(folder, 0o755) // as root, the server runs as another user
  const server = await startEmbeddedServer({ dataDirectory: join(folder, 'postgres'), settings: SETTINGS })
  const stopNow = (): void => {
    killIfAlive(server.pid)
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  }
  process.once('exit', stopNow) // vitest leaves by process.exit when it is interrupted
  return {
    url: server.url,
    description: 'embedded',
    stop: async () => {
      await server.stop()
      process.off('exit', stopNow)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The servers of test runs that were killed outright. */
async function removeOrphans(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const owner = Number(new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1])
    if (!(owner > 0) || isAlive(owner)) continue
    const folder = join(tmpdir(), name)
    const left = await readPostmaster(join(folder, 'postgres')).catch(() => null)
    if (left !== null) killIfAlive(left.pid)
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }).catch(() => undefined)
  }
}

/** An immediate shutdown: no checkpoint, as the data is thrown away. */
function killIfAlive(pid: number): void {
  if (isAlive(pid)) process.kill(pid, 'SIGQUIT')
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return hasCode(error, 'EPERM') // another user's
  }
}
