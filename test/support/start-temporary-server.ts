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

export async function startTemporaryServer(folder: string): Promise<TestServer> {
  const server = await startEmbeddedServer({ dataDirectory: join(folder, 'postgres'), settings: SETTINGS })
  return { url: server.url, description: 'embedded', stop: () => server.stop() }
}
