import type { AwsSettings } from '../project/aws-settings.ts'

export interface ClientSettings {
  region?: string
  endpoint?: string
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }
}

/** What the clients of AWS take; what is not said they find in the environment, a profile or a role. */
export function clientSettings({ region, endpoint, keys }: AwsSettings): ClientSettings {
  return {
    ...(region !== null && { region }),
    ...(endpoint !== null && { endpoint }),
    ...(keys !== null && {
      credentials: {
        accessKeyId: keys.accessKeyId,
        secretAccessKey: keys.secretAccessKey,
        ...(keys.sessionToken !== null && { sessionToken: keys.sessionToken }),
      },
    }),
  }
}
