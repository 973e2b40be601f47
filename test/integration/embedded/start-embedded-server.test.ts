import { appendFile, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { describe, expect, test } from 'vitest'

import { startEmbeddedServer } from '../../../src/embedded/start-embedded-server.ts'
import { usingEmbeddedServer } from '../../../src/embedded/using-embedded-server.ts'
import { query } from '../../support/client.ts'
import { useDataFolder } from './data-folder.ts'

const place = useDataFolder()

test('keeps its data from one start to the next', async () => {
  const { dataDirectory } = place
  await usingEmbeddedServer({ dataDirectory }, ({ url }) => query(url, 'create table kept as select 1 as a'))
  const rows = await usingEmbeddedServer({ dataDirectory }, ({ url }) => query(url, 'select * from kept'))
  expect(rows).toEqual([{ a: 1 }])
})

test('makes the database duro in UTF-8, for user postgres with a password', async () => {
  const { dataDirectory } = place
  const [row] = await usingEmbeddedServer({ dataDirectory }, async ({ url }) => {
    await expect(query(url.replace(/:[^:@]+@/, ':wrong@'), 'select 1')).rejects.toThrow(
      'password authentication',
    )
    return query(
      url,
      `select current_database(), current_user, current_setting('server_encoding') as encoding,
         current_setting('listen_addresses') as addresses, upper('ä') as upper`,
    )
  })
  expect(row).toEqual({
    current_database: 'duro',
    current_user: 'postgres',
    encoding: 'UTF8',
    addresses: '127.0.0.1',
    upper: 'Ä',
  })
  expect((await stat(`${dataDirectory}.password`)).mode & 0o777).toBe(0o600)
  expect((await stat(`${dataDirectory}.log`)).mode & 0o777).toBe(0o600)
})

test('works in a folder with a long name that is not plain', async () => {
  const dataDirectory = join(place.folder, `${'long '.repeat(30)}ünïcödé 'quoted' $HOME`, 'postgres')
  expect(await usingEmbeddedServer({ dataDirectory }, ({ url }) => query(url, 'select 1 as a'))).toEqual([
    { a: 1 },
  ])
})

test('stops the server when the callback fails, and passes the error on', async () => {
  let url = ''
  const failing = usingEmbeddedServer({ dataDirectory: place.dataDirectory }, async (server) => {
    url = server.url
    throw new Error('the callback failed')
  })
  await expect(failing).rejects.toThrow('the callback failed')
  await expect(query(url, 'select 1')).rejects.toThrow('ECONNREFUSED')
})

test('makes the data directory anew beside one that was left half made', async () => {
  const { dataDirectory } = place
  await mkdir(`${dataDirectory}.unfinished-Ab1cde`, { recursive: true })
  await writeFile(join(`${dataDirectory}.unfinished-Ab1cde`, 'PG_VERSION'), '18')
  await usingEmbeddedServer({ dataDirectory }, ({ url }) => query(url, 'select 1'))
  expect((await readdir(dirname(dataDirectory))).toSorted()).toEqual([
    'postgres',
    'postgres.log',
    'postgres.password',
  ])
})

test('takes settings of the server', async () => {
  const rows = await usingEmbeddedServer(
    { dataDirectory: place.dataDirectory, settings: { work_mem: '7MB' } },
    ({ url }) => query(url, 'show work_mem'),
  )
  expect(rows).toEqual([{ work_mem: '7MB' }])
})

describe('when it cannot', () => {
  test('shows the end of the log of a server that does not start', async () => {
    const { dataDirectory } = place
    await usingEmbeddedServer({ dataDirectory }, async () => undefined)
    await appendFile(join(dataDirectory, 'postgresql.conf'), "\nno_such_setting = 'on'\n")
    await expect(startEmbeddedServer({ dataDirectory })).rejects.toMatchObject({
      code: 'connection',
      message: expect.stringContaining('unrecognized configuration parameter "no_such_setting"'),
      hint: expect.stringContaining(`${dataDirectory}.log`),
    })
  })

  test('says which file is missing when the password is gone', async () => {
    const { dataDirectory } = place
    await usingEmbeddedServer({ dataDirectory }, async () => undefined)
    await rename(`${dataDirectory}.password`, `${dataDirectory}.kept`)
    await expect(startEmbeddedServer({ dataDirectory })).rejects.toMatchObject({
      code: 'connection',
      hint: expect.stringContaining(`${dataDirectory}.password`),
    })
    await rm(`${dataDirectory}.password`)
    await rename(`${dataDirectory}.kept`, `${dataDirectory}.password`)
    // The server that refused the password runs on, and is stopped by the next command.
    await usingEmbeddedServer({ dataDirectory }, async () => undefined)
  })
  test('says what stands in the way of the data directory', async () => {
    await writeFile(join(place.folder, 'file'), '')
    const dataDirectory = join(place.folder, 'file', '.duro', 'postgres')
    await expect(startEmbeddedServer({ dataDirectory })).rejects.toMatchObject({
      code: 'connection',
      message: expect.stringContaining('ENOTDIR'),
      hint: expect.stringContaining(dataDirectory),
    })
  })
})
