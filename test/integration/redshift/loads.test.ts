import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { describeIf } from '../../support/pg-version.ts'
import { clusterUrl, makeRedshiftWorld, redshiftYaml } from '../../support/redshift/redshift-world.ts'
import { leftBy } from '../../support/redshift/relations.ts'
import { motoServer, startS3Server, whyNoS3, type S3Server } from '../../support/s3/start-s3-server.ts'

const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret/of+test' }
const region = 'us-east-1'

const sources = [
  'create schema a',
  'create table a.source (n int, t varchar(20))',
  `insert into a.source values (1, 'one, "two"'), (2, ''), (3, null)`,
]

/** A processor that gives what it is given. */
const copying = `import { copyFileSync } from 'node:fs'
copyFileSync(process.argv[2], process.argv[3])
`

describeIf(motoServer !== null && clusterUrl === null, whyNoS3, 'rows that come through S3', () => {
  let server: S3Server
  let client: S3Client
  beforeAll(async () => {
    server = await startS3Server()
    client = new S3Client({ endpoint: server.endpoint, forcePathStyle: true, region, credentials })
    await client.send(new CreateBucketCommand({ Bucket: 'loads' }))
  })
  afterAll(async () => {
    client.destroy()
    await server.stop()
  })

  const files = () => ({
    'duro.yaml': `${redshiftYaml}s3:
  bucket: loads
  region: ${region}
  endpoint: ${server.endpoint}
  path_style: true
  access_key_id: ${credentials.accessKeyId}
  secret_access_key: ${credentials.secretAccessKey}
`,
    'views/a/loaded.sql': 'create table a.loaded (n int, t varchar(20)) sortkey(n)',
    'views/a/loaded_select.sql': 'select n, t from a.source',
    'views/a/loaded.yaml': 'processor: [node, copy.mjs]',
    'views/a/copy.mjs': copying,
    'views/a/above.sql': 'select count(*) as n from a.loaded',
  })
  const options = () => ({ endpoint: server.endpoint, region, ...credentials })
  const objects = async (): Promise<unknown> =>
    (await client.send(new ListObjectsV2Command({ Bucket: 'loads' }))).Contents ?? []

  test('a processor fills the table that its view declares, null is null, and nothing stays in the bucket', async () => {
    const world = await makeRedshiftWorld(sources, files(), {}, options())
    await world.refresh()
    expect(await world.sql('select n, t from a.loaded order by n')).toEqual([
      { n: 1, t: 'one, "two"' },
      { n: 2, t: '' },
      { n: 3, t: null },
    ])
    expect(await world.sql('select n from a.above')).toEqual([{ n: '3' }])
    expect(await objects()).toEqual([])
    await world.sql("insert into a.source values (4, 'four')")
    await world.refresh('--force')
    expect(await world.sql('select n from a.above')).toEqual([{ n: '4' }])
    expect(await leftBy(world)).toEqual([])
  })

  test('rows that do not fit the table leave the live version as it is', async () => {
    const world = await makeRedshiftWorld(sources, files(), {}, options())
    await world.refresh()
    await world.sql("insert into a.source values (5, 'twenty characters..')")
    await world.project.update({
      'views/a/loaded.sql': 'create table a.loaded (n int, t varchar(11)) sortkey(n)',
    })
    const { code, error } = await world.duro(['refresh', '--force'])
    expect(code).toBe(1)
    expect(error?.message).toContain('a.loaded could not be built')
    expect(error).toMatchObject({ hint: expect.stringMatching(/In the CSV, .*column t/) })
    expect(await world.sql('select n from a.above')).toEqual([{ n: '3' }])
    expect(await objects()).toEqual([])
    expect(await leftBy(world)).toEqual([])
  })

  test('what a killed run has left in the bucket is removed by the next one, and nothing else', async () => {
    const world = await makeRedshiftWorld(sources, files(), {}, options())
    await world.refresh()
    const [killed, another] = ['20261120-100003-4f2a', '20261120-100003-5b3c']
    await world.sql(
      `insert into duro.runs (id, began_at, command, host, user_name, version, git_dirty, all_views)
       values ('${killed}', getdate(), 'refresh', 'h', 'u', '1', false, true)`,
    )
    const keys = [killed, another].map((run) => `duro/${run}/a.loaded/1.csv.gz`)
    for (const Key of keys) await client.send(new PutObjectCommand({ Bucket: 'loads', Key, Body: 'x' }))
    await world.refresh()
    expect(await objects()).toEqual([expect.objectContaining({ Key: keys[1] })])
    await client.send(new DeleteObjectCommand({ Bucket: 'loads', Key: keys[1] }))
  })

  test('a bucket that cannot be tidied is a warning', async () => {
    const world = await makeRedshiftWorld(sources, files(), {}, options())
    await world.refresh()
    await world.project.update({
      'duro.yaml': files()['duro.yaml'].replace('bucket: loads', 'bucket: nowhere'),
    })
    const { error, events } = await world.duro(['cleanup'])
    expect(error).toBeNull()
    expect(events.find((event) => event.type === 'warning')?.message).toContain('there is no bucket nowhere')
  })

  test('a column that the table lacks is named', async () => {
    const world = await makeRedshiftWorld(
      sources,
      { ...files(), 'views/a/loaded_select.sql': 'select n, t, n as more from a.source' },
      {},
      options(),
    )
    const { events } = await world.duro(['refresh'])
    const failed = events.find((event) => event.type === 'view-failed')
    expect(failed?.error.message).toContain('the CSV has the column more, which the table lacks')
  })
})
