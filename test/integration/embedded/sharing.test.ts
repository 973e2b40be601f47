import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { describe, expect, test } from 'vitest'

import { readPostmaster } from '../../../src/embedded/postmaster.ts'
import { startEmbeddedServer } from '../../../src/embedded/start-embedded-server.ts'
import { query, usingClient } from '../../support/client.ts'
import { startCommand } from './command.ts'
import { useDataFolder } from './data-folder.ts'

const place = useDataFolder()

describe('two commands at once', () => {
  test('share one server, and the last one out stops it', async () => {
    const { dataDirectory } = place
    const [one, two] = await Promise.all([
      startEmbeddedServer({ dataDirectory }),
      startEmbeddedServer({ dataDirectory }),
    ])
    expect(two.pid).toBe(one.pid)
    await usingClient(two.url, async (session) => {
      await one.stop()
      expect((await session.query('select 1 as a')).rows).toEqual([{ a: 1 }])
    })
    await two.stop()
    expect(await readPostmaster(dataDirectory)).toBeNull()
  })

  test('that end at the same moment leave nothing running', async () => {
    const { dataDirectory } = place
    const servers = await Promise.all(Array.from({ length: 5 }, () => startEmbeddedServer({ dataDirectory })))
    await Promise.all(servers.map((server) => server.stop()))
    expect(await readPostmaster(dataDirectory)).toBeNull()
  })

  test('of which one comes while the other stops the server both get a whole one', async () => {
    const { dataDirectory } = place
    const rounds = Array.from({ length: 8 }, async (_, index) => {
      await sleep(index * 60)
      const server = await startEmbeddedServer({ dataDirectory })
      const rows = await query(server.url, 'select 1 as a')
      await server.stop()
      return rows
    })
    expect(await Promise.all(rounds)).toEqual(Array.from({ length: 8 }, () => [{ a: 1 }]))
    expect(await readPostmaster(dataDirectory)).toBeNull()
  })
})

describe('after a kill', () => {
  test('of the command, the next one uses the server and stops it', async () => {
    const { dataDirectory } = place
    const killed = await startCommand(dataDirectory)
    killed.signalGroup('SIGKILL')
    await killed.ended
    const next = await startEmbeddedServer({ dataDirectory })
    expect(next.pid).toBe(killed.serverPid)
    await next.stop()
    expect(await readPostmaster(dataDirectory)).toBeNull()
  })

  test('of the server, the next command starts another one', async () => {
    const { dataDirectory } = place
    const first = await startEmbeddedServer({ dataDirectory })
    await query(first.url, 'create table kept as select 1 as a')
    process.kill(first.pid, 'SIGKILL')
    const second = await startEmbeddedServer({ dataDirectory })
    expect(await query(second.url, 'select * from kept')).toEqual([{ a: 1 }])
    await second.stop()
    await first.stop()
    expect(await readPostmaster(dataDirectory)).toBeNull()
  })

  test('of both, a pid that another program has by now is not taken for the server', async () => {
    const { dataDirectory } = place
    const first = await startEmbeddedServer({ dataDirectory })
    const file = join(dataDirectory, 'postmaster.pid')
    const text = await readFile(file, 'utf8')
    await first.stop()
    await writeFile(file, text.replace(/^\d+/, String(process.ppid)))
    const second = await startEmbeddedServer({ dataDirectory })
    expect(second.pid).not.toBe(process.ppid)
    await second.stop()
  })
})

test('Ctrl-C leaves the server to the command, which can still use it', async () => {
  const { dataDirectory } = place
  const command = await startCommand(dataDirectory)
  command.signalGroup('SIGINT')
  expect(await command.ended).toEqual(['42'])
  expect(await readPostmaster(dataDirectory)).toBeNull()
})
