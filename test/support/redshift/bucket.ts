import { CreateBucketCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3'

import { startS3Server } from '../s3/start-s3-server.ts'
import type { ObjectStoreOptions } from './copy/object-store.ts'
import { startObjectServer } from './object-server.ts'

/** A bucket through which rows are loaded. */
export interface Bucket {
  /** `s3` of duro.yaml. */
  yaml: string
  /** What that reads from the environment. */
  env: Readonly<Record<string, string>>
  /** What no output may show. */
  secrets: readonly string[]
  /** How a stand-in reaches it; null for one that only AWS knows. */
  store: ObjectStoreOptions | null
  keys(): Promise<string[]>
  close(): Promise<void>
}

const region = 'us-east-1'
const keys = {
  accessKeyId: 'AKIAGRANTSFIXTURE',
  secretAccessKey: 'grants/fixture+secret',
  sessionToken: 'FwoGZXIvYXdzEGRANTS//token==',
}

/** In the small server that the stand-in brings along. */
export async function objectServerBucket(): Promise<Bucket> {
  const server = await startObjectServer()
  return {
    ...bucketAt(server.endpoint),
    keys: () => Promise.resolve([...server.objects.keys()]),
    close: () => server.close(),
  }
}

/** In moto, which answers as S3 does. */
export async function s3ServerBucket(): Promise<Bucket> {
  const server = await startS3Server()
  const client = new S3Client({ endpoint: server.endpoint, region, forcePathStyle: true, credentials: keys })
  await client.send(new CreateBucketCommand({ Bucket: 'loads' }))
  return {
    ...bucketAt(server.endpoint),
    keys: () => keysIn(client, 'loads', ''),
    async close() {
      client.destroy()
      await server.stop()
    },
  }
}

/** The bucket of a cluster: its default role, or the one in DURO_TEST_REDSHIFT_ROLE, may read it. */
export const clusterBucketName = process.env['DURO_TEST_REDSHIFT_BUCKET'] || null

/** @param prefix nothing else may be under it */
export function clusterBucket(bucket: string, prefix: string): Bucket {
  const where = process.env['DURO_TEST_REDSHIFT_REGION'] || region
  const role = process.env['DURO_TEST_REDSHIFT_ROLE'] || 'default'
  const client = new S3Client({ region: where })
  return {
    yaml: section({ bucket, prefix, region: where, iam_role: role }),
    env: {},
    secrets: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'].flatMap(
      (name) => process.env[name] || [],
    ),
    store: null,
    keys: () => keysIn(client, bucket, prefix),
    close: () => {
      client.destroy()
      return Promise.resolve()
    },
  }
}

function bucketAt(endpoint: string): Pick<Bucket, 'yaml' | 'env' | 'secrets' | 'store'> {
  const { accessKeyId, secretAccessKey, sessionToken } = keys
  return {
    yaml: section({
      bucket: 'loads',
      region,
      endpoint,
      path_style: 'true',
      access_key_id: '${GRANTS_KEY}',
      secret_access_key: '${GRANTS_SECRET}',
      session_token: '${GRANTS_TOKEN}',
    }),
    env: { GRANTS_KEY: accessKeyId, GRANTS_SECRET: secretAccessKey, GRANTS_TOKEN: sessionToken },
    secrets: [accessKeyId, secretAccessKey, sessionToken],
    store: { endpoint, region, accessKeyId, secretAccessKey },
  }
}

function section(settings: Readonly<Record<string, string>>): string {
  const lines = Object.entries(settings).map(([name, value]) => `  ${name}: ${value}\n`)
  return `s3:\n${lines.join('')}`
}

async function keysIn(client: S3Client, bucket: string, prefix: string): Promise<string[]> {
  const found: string[] = []
  for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
    for (const { Key: key } of page.Contents ?? []) if (key !== undefined) found.push(key)
  }
  return found
}
