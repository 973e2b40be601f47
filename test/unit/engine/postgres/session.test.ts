import { once } from 'node:events'
import { createServer } from 'node:net'

import { expect, onTestFinished, test } from 'vitest'

import { openSession } from '../../../../src/engine/postgres/connection/session.ts'

test('a connection that is closed while it is opened is an error, and waits for nothing', async () => {
  const server = createServer((socket) => socket.once('data', () => socket.destroy()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const config = { host: '127.0.0.1', port, user: 'joan', database: 'sales' }
  await expect(openSession({ config, searchPath: [], applicationName: 'duro' })).rejects.toMatchObject({
    code: 'connection',
  })
})
