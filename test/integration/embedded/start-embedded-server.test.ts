import { chmod, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { startEmbeddedServer } from '../../../src/embedded/start-embedded-server.ts'
import { usingEmbeddedServer } from '../../../src/embedded/using-embedded-server.ts'
import { query } from '../../support/client.ts'

let folder: string
let dataDirectory: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'duro-embedded-'))
  await chmod(folder, 0o755)
  dataDirectory = join(folder, '.duro', 'postgres')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('keeps its data from one start to the next', async () => {
  await usingEmbeddedServer({ dataDirectory }, ({ url }) => query(url, 'create table kept as select 1 as a'))
  const rows = await usingEmbeddedServer({ dataDirectory }, ({ url }) => query(url, 'select * from kept'))
  expect(rows).toEqual([{ a: 1 }])
  expect((await stat(`${dataDirectory}.password`)).mode & 0o777).toBe(0o600)
})

test('serves two commands at once, and stops with the last', async () => {
  const [one, two] = await Promise.all([
    startEmbeddedServer({ dataDirectory }),
    startEmbeddedServer({ dataDirectory }),
  ])
  expect(two.pid).toBe(one.pid)
  await one.stop()
  expect(await query(two.url, 'select 1 as a')).toEqual([{ a: 1 }])
  await two.stop()
  await expect(query(two.url, 'select 1')).rejects.toThrow('ECONNREFUSED')
})
