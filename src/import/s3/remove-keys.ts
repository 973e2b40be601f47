import type { Bucket } from './open-bucket.ts'

/** As many as S3 takes in one request. */
const atOnce = 1000

/** Removes objects; those that are not there are no error. @throws what S3 says of the first that it keeps */
export async function removeKeys({ settings, client, sdk }: Bucket, keys: readonly string[]): Promise<void> {
  for (let start = 0; start < keys.length; start += atOnce) {
    const batch = keys.slice(start, start + atOnce)
    const { Errors: [refused] = [] } = await client.send(
      new sdk.DeleteObjectsCommand({
        Bucket: settings.bucket,
        Delete: { Objects: batch.map((Key) => ({ Key })), Quiet: true },
      }),
    )
    if (refused === undefined) continue
    throw Object.assign(new Error(refused.Message ?? `${refused.Key} was not removed`), {
      code: refused.Code,
    })
  }
}
