import { rmSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

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

/** An embedded server in a new folder, which goes away with this process at the latest. */
export async function startTemporaryServer(): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'duro-test-'))
  await chmod(folder, 0o755) // as root, the server runs as another user
  const server = await startEmbeddedServer({ dataDirectory: join(folder, 'postgres'), settings: SETTINGS })
  const stopNow = (): void => {
    process.kill(server.pid, 'SIGQUIT')
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
