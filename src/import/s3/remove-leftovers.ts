import type { ListMultipartUploadsCommandOutput } from '@aws-sdk/client-s3'
import type { S3Settings } from '../../project/aws-settings.ts'
import { runOf } from './keys.ts'
import { openBucket, type Bucket } from './open-bucket.ts'
import { removeKeys } from './remove-keys.ts'
import { explainS3Error } from './s3-error.ts'

/** Of these runs, or from before a moment. */
export type WhichLeftovers = { runIds: readonly string[] } | { olderThan: Date }

/**
 * Removes what runs that were killed have left in the bucket: files, and uploads that were begun. Nothing but what has
 * a key as duro makes them is touched.
 * @returns the keys
 * @throws DuroError
 */
export async function removeLeftovers(
  settings: S3Settings,
  which: WhichLeftovers,
  conceal: (secret: string) => void,
): Promise<string[]> {
  try {
    const bucket = await openBucket(settings, conceal)
    try {
      const keys = await findObjects(bucket, which)
      await removeKeys(bucket, keys)
      return [...keys, ...(await abortUploads(bucket, which))]
    } finally {
      bucket.client.destroy()
    }
  } catch (error) {
    throw explainS3Error(error, settings, { code: 'preflight', failed: 'uploads could not be removed' })
  }
}

async function findObjects(bucket: Bucket, which: WhichLeftovers): Promise<string[]> {
  const { settings, client, sdk } = bucket
  const keys: string[] = []
  for (const Prefix of prefixesOf(settings, which)) {
    for await (const page of sdk.paginateListObjectsV2({ client }, { Bucket: settings.bucket, Prefix })) {
      for (const { Key = '', LastModified } of page.Contents ?? []) {
        if (isLeftover(settings, which, Key, LastModified)) keys.push(Key)
      }
    }
  }
  return keys
}

/** Pieces of files that were never completed are in no list of objects, and are paid for. */
async function abortUploads(bucket: Bucket, which: WhichLeftovers): Promise<string[]> {
  const { settings, client, sdk } = bucket
  const keys: string[] = []
  for (const Prefix of prefixesOf(settings, which)) {
    let from: { KeyMarker?: string; UploadIdMarker?: string } | null = {}
    while (from !== null) {
      const page: ListMultipartUploadsCommandOutput = await client.send(
        new sdk.ListMultipartUploadsCommand({ Bucket: settings.bucket, Prefix, ...from }),
      )
      for (const { Key = '', UploadId, Initiated } of page.Uploads ?? []) {
        if (!isLeftover(settings, which, Key, Initiated)) continue
        await client.send(new sdk.AbortMultipartUploadCommand({ Bucket: settings.bucket, Key, UploadId }))
        keys.push(Key)
      }
      const { NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker } = page
      from = page.IsTruncated && KeyMarker ? { KeyMarker, ...(UploadIdMarker && { UploadIdMarker }) } : null
    }
  }
  return keys
}

const prefixesOf = ({ prefix }: S3Settings, which: WhichLeftovers): string[] =>
  'runIds' in which ? which.runIds.map((id) => `${prefix}${id}/`) : [prefix]

function isLeftover(
  settings: S3Settings,
  which: WhichLeftovers,
  key: string,
  madeAt: Date | undefined,
): boolean {
  const runId = runOf(settings, key)
  if (runId === null) return false
  if ('runIds' in which) return which.runIds.includes(runId)
  return madeAt !== undefined && madeAt < which.olderThan
}
