import type { CsvRows } from '../../engine/builder.ts'
import type { Upload, UploadPlace, UsingUpload } from '../../engine/redshift/upload.ts'
import { toError } from '../../errors.ts'
import type { S3Settings } from '../../project/aws-settings.ts'
import { folderOf, urlOf } from './keys.ts'
import { openBucket, type Bucket } from './open-bucket.ts'
import { removeKeys } from './remove-keys.ts'
import { explainS3Error } from './s3-error.ts'
import { defaultFileBytes, uploadRows } from './upload-rows.ts'

export interface UploadOptions {
  /** Told what must not be seen in any output. */
  conceal: (secret: string) => void
  /** Told what could not be removed. */
  warn: (message: string) => void
  /** How much is in a file before it is compressed. */
  fileBytes?: number
}

export type UploadContext = UploadPlace & UploadOptions

/** Uploads rows into the bucket of these settings. */
export function createUsingUpload(settings: S3Settings, options: UploadOptions): UsingUpload {
  return (rows, where, signal, callback) =>
    usingUpload(settings, rows, { ...options, ...where }, signal, callback)
}

/**
 * Uploads rows for Redshift to load while the callback runs. Whatever happens then, they are removed; what a kill
 * leaves, `removeLeftovers` finds.
 * @throws DuroError, or the reason of the signal, or what the callback throws
 */
export async function usingUpload<T>(
  settings: S3Settings,
  rows: CsvRows,
  context: UploadContext,
  signal: AbortSignal,
  callback: (upload: Upload) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted()
  const failed = `${context.view} could not be built`
  const explain = (error: unknown): Error =>
    signal.aborted ? toError(signal.reason) : explainS3Error(error, settings, { code: 'build', failed })
  const folder = folderOf(settings, context)
  const { fileBytes = defaultFileBytes, conceal } = context
  const bucket = await openBucket(settings, conceal).catch((error: unknown) => {
    throw explain(error)
  })
  const keys: string[] = []
  try {
    const onKey = (key: string): void => void keys.push(key)
    const upload = await uploadRows(bucket, rows, { folder, fileBytes, failed, onKey, signal }).catch(
      (error: unknown) => {
        throw explain(error)
      },
    )
    return await callback(upload)
  } finally {
    await removeUploaded(bucket, keys, folder, context)
    bucket.client.destroy()
  }
}

/** What the callback did, or why it could not, counts for more than a file that stays. */
async function removeUploaded(
  bucket: Bucket,
  keys: readonly string[],
  folder: string,
  { view, warn }: UploadContext,
): Promise<void> {
  try {
    await removeKeys(bucket, keys)
  } catch (error) {
    const failed = `${view}: what was uploaded to ${urlOf(bucket.settings, folder)} could not be removed`
    const { message, hint } = explainS3Error(error, bucket.settings, { code: 'build', failed })
    warn(hint === undefined ? message : `${message}. ${hint}`)
  }
}
