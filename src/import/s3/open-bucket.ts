import type * as S3 from '@aws-sdk/client-s3'
import { clientSettings } from '../../aws/client-settings.ts'
import { loadClient } from '../../aws/load-client.ts'
import type { CopyAccess } from '../../engine/redshift/upload.ts'
import type { S3Settings } from '../../project/aws-settings.ts'

/** A bucket, and whose rights are used on it. */
export interface Bucket {
  settings: S3Settings
  client: S3.S3Client
  sdk: typeof S3
  region: string
  access: CopyAccess
}

/** Nothing is asked of S3 yet, only who asks. @param conceal is told what must not be seen in any output */
export async function openBucket(settings: S3Settings, conceal: (secret: string) => void): Promise<Bucket> {
  const sdk = await loadClient(['@aws-sdk/client-s3'], () => import('@aws-sdk/client-s3'))
  const client = new sdk.S3Client({
    ...clientSettings(settings),
    // Stores other than S3 have no regions, and the client wants one to sign with.
    ...(settings.endpoint !== null && settings.region === null && { region: 'us-east-1' }),
    ...(settings.endpoint !== null && { requestChecksumCalculation: 'WHEN_REQUIRED' }),
    forcePathStyle: settings.pathStyle,
    // Without these a network that swallows packets would hold a run for ever.
    requestHandler: { connectionTimeout: 20_000, socketTimeout: 60_000 },
  })
  try {
    const region = await client.config.region()
    return { settings, client, sdk, region, access: await findAccess(settings, client, conceal) }
  } catch (error) {
    client.destroy()
    throw error
  }
}

/** Redshift reads with its role, or else with the keys that duro writes with, wherever those come from. */
async function findAccess(
  { iamRole }: S3Settings,
  client: S3.S3Client,
  conceal: (secret: string) => void,
): Promise<CopyAccess> {
  const { accessKeyId, secretAccessKey, sessionToken = null } = await client.config.credentials()
  for (const secret of [accessKeyId, secretAccessKey, sessionToken]) if (secret !== null) conceal(secret)
  if (iamRole !== null) return { kind: 'role', role: iamRole }
  return { kind: 'keys', accessKeyId, secretAccessKey, sessionToken }
}
