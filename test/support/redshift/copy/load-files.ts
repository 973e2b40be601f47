import { Rejection } from '../rejection.ts'
import type { CopyOptions } from './copy-options.ts'
import type { ObjectStore } from './object-store.ts'

interface Found {
  /** `s3://bucket/key` */
  name: string
  content: Buffer
}

/** The objects under a prefix, or those that a manifest names. */
export async function findLoadFiles(
  source: string,
  options: CopyOptions,
  store: ObjectStore | null,
): Promise<Found[]> {
  const { bucket, key } = parseAddress(source)
  const reached = reach(store, options)
  const addresses = options.manifest
    ? await readManifest(reached, bucket, key)
    : (await asking(() => reached.list(bucket, key))).map((found) => ({ bucket, key: found }))
  if (addresses.length === 0) {
    throw new Rejection('XX000', `The specified S3 prefix '${key}' does not exist`)
  }
  return Promise.all(
    addresses.map(async (address) => ({
      name: `s3://${address.bucket}/${address.key}`,
      content: await asking(() => reached.read(address.bucket, address.key)),
    })),
  )
}

export function parseAddress(address: string): { bucket: string; key: string } {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]*)\/?(.*)$/s.exec(address) ?? []
  if (bucket === '') throw new Rejection('XX000', `The S3 path '${address}' is invalid`)
  return { bucket, key }
}

/** @throws Rejection without access, or where a bucket is looked for in another region */
export function reach(store: ObjectStore | null, options: CopyOptions): ObjectStore {
  if (store === null) {
    throw new Rejection('XX000', 'S3ServiceException:Access Denied,Status 403,Error AccessDenied')
  }
  if (options.region !== null && options.region !== store.region) {
    throw new Rejection(
      'XX000',
      'S3ServiceException:The bucket you are attempting to access must be addressed using the specified endpoint.,Status 301,Error PermanentRedirect',
    )
  }
  return store
}

/** What goes wrong with S3 is an error of the statement. */
export async function asking<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error))
    throw new Rejection('XX000', `S3ServiceException:${message},Error ${name}`)
  }
}

async function readManifest(
  store: ObjectStore,
  bucket: string,
  key: string,
): Promise<{ bucket: string; key: string }[]> {
  const manifest: unknown = JSON.parse((await asking(() => store.read(bucket, key))).toString('utf8'))
  if (!isManifest(manifest)) {
    throw new Rejection(
      'XX000',
      `Problem reading manifest file - S3 manifest s3://${bucket}/${key} has no entries`,
    )
  }
  const addresses = manifest.entries.map((entry) => ({
    ...parseAddress(entry.url),
    mandatory: entry.mandatory,
  }))
  const there = await Promise.all(
    addresses.map(async (address) =>
      (await asking(() => store.list(address.bucket, address.key))).includes(address.key),
    ),
  )
  const missing = addresses.find((address, n) => address.mandatory === true && there[n] === false)
  if (missing !== undefined) {
    throw new Rejection(
      'XX000',
      `The S3 file s3://${missing.bucket}/${missing.key} in the manifest does not exist`,
    )
  }
  return addresses.filter((_, n) => there[n] === true)
}

function isManifest(value: unknown): value is { entries: { url: string; mandatory?: boolean }[] } {
  return typeof value === 'object' && value !== null && 'entries' in value && Array.isArray(value.entries)
}
