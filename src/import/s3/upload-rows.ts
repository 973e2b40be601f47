import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { loadClient } from '../../aws/load-client.ts'
import type { CsvRows } from '../../engine/builder.ts'
import type { Upload } from '../../engine/redshift/upload.ts'
import { toError } from '../../errors.ts'
import type { Bucket } from './open-bucket.ts'
import { fileKey, manifestKey, urlOf } from './keys.ts'
import { splitCsv } from './split-csv.ts'

const MiB = 1 << 20

/** Before compression: small enough that all slices of a cluster have something to do, large enough to be worth it. */
export const defaultFileBytes = 100 * MiB

export interface UploadOptions {
  /** What the keys begin with. */
  folder: string
  fileBytes: number
  /** How messages begin. */
  failed: string
  /** Told of each key before anything is there. */
  onKey: (key: string) => void
  signal: AbortSignal
}

/** Writes the rows into files, one after the other, and then the manifest that names them. */
export async function uploadRows(bucket: Bucket, rows: CsvRows, options: UploadOptions): Promise<Upload> {
  const { folder, fileBytes, failed, onKey, signal } = options
  const { settings, client, sdk } = bucket
  // Of no value that a program can have written.
  const nullMarker = `duro-null-${randomBytes(8).toString('hex')}`
  const chunks = createReadStream(rows.path, { highWaterMark: MiB / 4 })
  const urls: string[] = []
  for await (const file of splitCsv(chunks, { columns: rows.columns, nullMarker, fileBytes, failed })) {
    const key = fileKey(folder, urls.length + 1)
    onKey(key)
    await uploadFile(bucket, key, file, signal)
    urls.push(urlOf(settings, key))
  }
  const manifest = { entries: urls.map((url) => ({ url, mandatory: true })) }
  const key = manifestKey(folder)
  onKey(key)
  await client.send(
    new sdk.PutObjectCommand({ Bucket: settings.bucket, Key: key, Body: JSON.stringify(manifest) }),
    { abortSignal: signal },
  )
  return {
    manifestUrl: urlOf(settings, key),
    files: urls.length,
    nullMarker,
    access: bucket.access,
    region: bucket.region,
  }
}

/** Compresses while it uploads, some pieces at a time, so that a few dozen megabytes are in memory. */
async function uploadFile(
  { settings, client }: Bucket,
  key: string,
  file: AsyncIterable<Buffer>,
  signal: AbortSignal,
): Promise<void> {
  const { Upload: Uploading } = await loadClient(
    ['@aws-sdk/lib-storage'],
    () => import('@aws-sdk/lib-storage'),
  )
  const gzip = createGzip()
  // When all is read and the last request fails, nobody else listens any more.
  gzip.on('error', () => undefined)
  const uploading = new Uploading({
    client,
    params: { Bucket: settings.bucket, Key: key, Body: gzip },
    partSize: 5 * MiB,
    queueSize: 4,
  })
  // Its own way to be aborted returns while requests are under way, which would write what was removed meanwhile. An
  // error in what it reads makes it end them first, and take back what it has begun.
  const [fed, uploaded] = await Promise.allSettled([
    pipeline(file, gzip, { signal }),
    uploading.done().catch((error: unknown) => {
      gzip.destroy(toError(error))
      throw error
    }),
  ])
  signal.throwIfAborted()
  if (uploaded.status === 'rejected') throw uploaded.reason
  if (fed.status === 'rejected') throw fed.reason
}
