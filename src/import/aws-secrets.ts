import type { ProjectSettings } from '../project/project.ts'

/** The keys of AWS that duro.yaml names. They appear in statements, which errors quote. */
export function awsSecretsOf({ s3, iam }: Pick<ProjectSettings, 's3' | 'iam'>): string[] {
  return [s3, iam].flatMap((settings) => {
    if (!settings?.keys) return []
    const { accessKeyId, secretAccessKey, sessionToken } = settings.keys
    return [accessKeyId, secretAccessKey, ...(sessionToken === null ? [] : [sessionToken])]
  })
}
