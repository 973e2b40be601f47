import { GetObjectCommand, PutObjectCommand, S3Client, paginateListObjectsV2 } from '@aws-sdk/client-s3'

/** Where `copy` finds its objects and `unload` leaves them. */
export interface ObjectStore {
  region: string
  /** The keys with a prefix. */
  list(bucket: string, prefix: string): Promise<string[]>
  read(bucket: string, key: string): Promise<Buffer>
  write(bucket: string, key: string, content: Buffer): Promise<void>
  close(): void
}

export interface ObjectStoreOptions {
  endpoint: string
  region: string
  accessKeyId: string
  secretAccessKey: string
}

export function connectObjectStore(options: ObjectStoreOptions): ObjectStore {
  const { endpoint, region, accessKeyId, secretAccessKey } = options
  const client = new S3Client({
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: true,
  })
  return {
    region,
    async list(bucket, prefix) {
      const keys: string[] = []
      for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
        for (const { Key: key } of page.Contents ?? []) if (key !== undefined) keys.push(key)
      }
      return keys
    },
    async read(bucket, key) {
      const { Body: body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
      return body === undefined ? Buffer.alloc(0) : Buffer.from(await body.transformToByteArray())
    },
    async write(bucket, key, content) {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: content }))
    },
    close: () => client.destroy(),
  }
}
