import { createHash, randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { gunzipSync } from 'node:zlib'
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import * as z from 'zod'
import type { Upload } from '../../../src/engine/redshift/upload.ts'
import { removeLeftovers, type WhichLeftovers } from '../../../src/import/s3/remove-leftovers.ts'
import { usingUpload, type UploadContext } from '../../../src/import/s3/using-upload.ts'
import type { S3Settings } from '../../../src/project/aws-settings.ts'
import { describeIf } from '../../support/pg-version.ts'
import { motoServer, startS3Server, whyNoS3, type S3Server } from '../../support/s3/start-s3-server.ts'
import { makeTemporaryFolder } from '../../support/temporary-folder.ts'

const keys = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret/of+test' }
const runId = '20261120-100003-4f2a'
const never = new AbortController().signal

const manifestSchema = z.strictObject({
  entries: z.array(z.strictObject({ url: z.string(), mandatory: z.literal(true) })),
})

describeIf(motoServer !== null, whyNoS3, 'an upload', () => {
  let server: S3Server
  let client: S3Client
  let settings: S3Settings
  let folder: string
  let warnings: string[]
  let concealed: string[]
  let buckets = 0

  beforeAll(async () => {
    server = await startS3Server()
    folder = await makeTemporaryFolder('s3')
    client = new S3Client({
      endpoint: server.endpoint,
      forcePathStyle: true,
      region: 'us-east-1',
      credentials: { ...keys },
    })
  })
  afterAll(async () => {
    client.destroy()
    await server.stop()
  })
  beforeEach(async () => {
    warnings = []
    concealed = []
    const bucket = `loads-${++buckets}`
    await client.send(new CreateBucketCommand({ Bucket: bucket }))
    settings = {
      bucket,
      prefix: 'duro/',
      region: null,
      keys: { ...keys, sessionToken: null },
      endpoint: server.endpoint,
      iamRole: null,
      pathStyle: true,
    }
  })

  const context = (changes: Partial<UploadContext> = {}): UploadContext => ({
    runId,
    view: 'first.cities',
    conceal: (secret) => void concealed.push(secret),
    warn: (message) => void warnings.push(message),
    ...changes,
  })

  async function rowsOf(text: string): Promise<{ path: string; columns: string[] }> {
    const path = join(folder, `${randomBytes(4).toString('hex')}.csv`)
    await writeFile(path, text)
    return { path, columns: ['a', 'b'] }
  }

  async function keysIn(): Promise<string[]> {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: settings.bucket }))
    return Contents.map(({ Key = '' }) => Key)
  }

  async function begunUploads(): Promise<number> {
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: settings.bucket }))
    return Uploads.length
  }

  async function read(url: string): Promise<Buffer> {
    const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.*)$/.exec(url) ?? []
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
    return Buffer.from((await Body?.transformToByteArray()) ?? [])
  }

  /** What Redshift would load: the files that the manifest names, uncompressed. */
  async function load({ manifestUrl }: Upload): Promise<{ urls: string[]; texts: string[] }> {
    const { entries } = manifestSchema.parse(JSON.parse((await read(manifestUrl)).toString()))
    const urls = entries.map(({ url }) => url)
    const texts = await Promise.all(urls.map(async (url) => gunzipSync(await read(url)).toString()))
    return { urls, texts }
  }

  const remove = (which: WhichLeftovers): Promise<string[]> =>
    removeLeftovers(settings, which, () => undefined)

  const put = (Key: string) => client.send(new PutObjectCommand({ Bucket: settings.bucket, Key, Body: 'x' }))

  test('is there while the callback runs, with a manifest, and gone afterwards', async () => {
    const rows = await rowsOf('a,b\n1,\n,"ß ""x"""\n')
    const result = await usingUpload(settings, rows, context(), never, async (upload) => {
      expect(upload).toMatchObject({
        manifestUrl: `s3://${settings.bucket}/duro/${runId}/first.cities/manifest.json`,
        files: 1,
        region: 'us-east-1',
        access: { kind: 'keys', ...keys, sessionToken: null },
      })
      const url = `s3://${settings.bucket}/duro/${runId}/first.cities/1.csv.gz`
      const text = `"a","b"\n"1",${upload.nullMarker}\n${upload.nullMarker},"ß ""x"""\n`
      expect(await load(upload)).toEqual({ urls: [url], texts: [text] })
      return 42
    })
    expect(result).toBe(42)
    expect(await keysIn()).toEqual([])
    expect(warnings).toEqual([])
  })

  test('without rows is one file without rows', async () => {
    await usingUpload(settings, await rowsOf('a,b'), context(), never, async (upload) => {
      expect((await load(upload)).texts).toEqual(['"a","b"\n'])
    })
  })

  test('of many files has each row once, whatever quotes and line breaks are in them', async () => {
    const lines = Array.from(
      { length: 30_000 },
      (_, row) => `"${row}\n,""x"",\r\n","${'y'.repeat(row % 90)}"\n`,
    )
    const rows = await rowsOf(`a,b\n${lines.join('')}`)
    await usingUpload(settings, rows, context({ fileBytes: 400_000 }), never, async (upload) => {
      const { texts } = await load(upload)
      expect(texts).toHaveLength(upload.files)
      expect(upload.files).toBe(4)
      for (const text of texts) expect(text.slice(0, 8)).toBe('"a","b"\n')
      expect(texts.map((text) => text.slice(8)).join('')).toBe(lines.join(''))
    })
  })

  test('of many megabytes goes in pieces, and never is the whole in memory', async () => {
    // What cannot be compressed, so that files have more pieces than one.
    const hash = createHash('sha256')
    const path = join(folder, 'large.csv')
    const megabytes = 64
    await pipeline(
      Readable.from(
        (function* () {
          yield 'a,b\n'
          for (let row = 0; row < megabytes; row++) {
            const line = `"${row}\n","${randomBytes(786_432).toString('base64')}"\n`
            hash.update(line)
            yield line
          }
        })(),
      ),
      createWriteStream(path),
    )
    const before = process.memoryUsage().arrayBuffers
    let most = before
    const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().arrayBuffers)), 20)
    await usingUpload(
      settings,
      { path, columns: ['a', 'b'] },
      context({ fileBytes: 24 << 20 }),
      never,
      async (upload) => {
        clearInterval(timer)
        expect(upload.files).toBe(3)
        expect(await keysIn()).toHaveLength(4)
        const found = createHash('sha256')
        for (const number of [1, 2, 3]) {
          const file = await read(`s3://${settings.bucket}/duro/${runId}/first.cities/${number}.csv.gz`)
          found.update(gunzipSync(file).subarray(8))
        }
        expect(found.digest('hex')).toBe(hash.digest('hex'))
      },
    )

    expect((most - before) / 2 ** 20).toBeLessThan(megabytes)
    expect(await keysIn()).toEqual([])
    expect(await begunUploads()).toBe(0)
  })

  test('is gone when the callback fails, with what the callback threw', async () => {
    const failure = new Error('the table is full')
    const work = usingUpload(settings, await rowsOf('a,b\n1,2\n'), context(), never, async () => {
      expect(await keysIn()).toHaveLength(2)
      throw failure
    })
    await expect(work).rejects.toBe(failure)
    expect(await keysIn()).toEqual([])
  })

  test('is gone when the rows cannot be read', async () => {
    const rows = await rowsOf(`a,b\n${'1,2\n'.repeat(100_000)}"`)
    const work = usingUpload(settings, rows, context({ fileBytes: 100 }), never, async () => 'never')
    await expect(work).rejects.toThrow('first.cities could not be built: the CSV ends within quotes')
    expect(await keysIn()).toEqual([])
    expect(await begunUploads()).toBe(0)
  })

  test.each([0, 100, 400])('is gone when it is interrupted after %d ms', async (after) => {
    const path = join(folder, 'interrupted.csv')
    const line = `"${randomBytes(786_432).toString('base64')}","2"\n`
    await writeFile(path, `a,b\n${line.repeat(60)}`)
    const controller = new AbortController()
    const reason = new Error('interrupted by SIGINT')
    setTimeout(() => controller.abort(reason), after)
    const work = usingUpload(
      settings,
      { path, columns: ['a', 'b'] },
      context(),
      controller.signal,
      async () => {
        await new Promise((resolve) => controller.signal.addEventListener('abort', resolve))
        controller.signal.throwIfAborted()
      },
    )
    await expect(work).rejects.toBe(reason)
    expect(await keysIn()).toEqual([])
    expect(await begunUploads()).toBe(0)
    expect(warnings).toEqual([])
  })

  test('leaves Redshift to its role where there is one, and conceals the keys all the same', async () => {
    const withRole: S3Settings = { ...settings, iamRole: 'default' }
    await usingUpload(withRole, await rowsOf('a,b\n'), context(), never, async ({ access }) => {
      expect(access).toEqual({ kind: 'role', role: 'default' })
    })
    expect(concealed).toEqual(['AKIATEST', 'secret/of+test'])
  })

  test('names no null as any other', async () => {
    const markers = new Set<string>()
    for (let time = 0; time < 3; time++) {
      await usingUpload(settings, await rowsOf('a,b\n'), context(), never, async ({ nullMarker }) => {
        markers.add(nullMarker)
      })
    }
    expect(markers.size).toBe(3)
  })

  test('of a view with any name has keys that need no escapes', async () => {
    const view = `Mixed Case.Näme'"/\\%`
    await usingUpload(settings, await rowsOf('a,b\n1,2\n'), context({ view }), never, async (upload) => {
      expect(upload.manifestUrl).toMatch(/^s3:\/\/[\w./=-]+$/)
      expect((await load(upload)).texts).toHaveLength(1)
    })
    expect(await keysIn()).toEqual([])
  })

  test('that a kill left is found by its run, or by its age, and nothing else is touched', async () => {
    const mine = [`duro/${runId}/first.cities/1.csv.gz`, `duro/${runId}/first.cities/manifest.json`]
    const other = `duro/20261120-100004-ffff/first.cities/1.csv.gz`
    const foreign = [
      'duro/notes.txt',
      `duro/${runId}/first.cities/notes.txt`,
      `${runId}/first.cities/1.csv.gz`,
    ]
    for (const key of [...mine, other, ...foreign]) await put(key)
    for (const run of [runId, '20261120-100004-ffff']) {
      const Key = `duro/${run}/first.cities/2.csv.gz`
      await client.send(new CreateMultipartUploadCommand({ Bucket: settings.bucket, Key }))
    }
    expect(await remove({ runIds: [] })).toEqual([])
    expect(await remove({ runIds: [runId] })).toEqual([...mine, `duro/${runId}/first.cities/2.csv.gz`])
    expect(await keysIn()).toEqual([...foreign, other].toSorted())
    expect(await begunUploads()).toBe(1)
    // This server says of all uploads that they were begun in 2010.
    expect(await remove({ olderThan: new Date('2010-01-01') })).toEqual([])
    expect(await begunUploads()).toBe(1)
    const begun = 'duro/20261120-100004-ffff/first.cities/2.csv.gz'
    expect(await remove({ olderThan: new Date(Date.now() - 3_600_000) })).toEqual([begun])
    expect(await remove({ olderThan: new Date(Date.now() + 3_600_000) })).toEqual([other])
    expect(await keysIn()).toEqual(foreign.toSorted())
    expect(await begunUploads()).toBe(0)
  })

  test('into a bucket that is not there is explained', async () => {
    const nowhere = { ...settings, bucket: 'nowhere' }
    const work = usingUpload(nowhere, await rowsOf('a,b\n1,2\n'), context(), never, async () => 'never')
    await expect(work).rejects.toMatchObject({
      code: 'build',
      message: 'first.cities could not be built: there is no bucket nowhere',
      hint: 'Check `s3.bucket` in duro.yaml.',
    })
  })
})
