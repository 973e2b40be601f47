import { explainAwsError, type Explanation } from '../../../aws/explain-aws-error.ts'
import type { DuroError } from '../../../errors.ts'
import type { IamSettings } from '../../../project/aws-settings.ts'

/** @param action what was asked for, as policies name it: `redshift:GetClusterCredentials` */
export function explainIamError(error: unknown, settings: IamSettings, action: string): DuroError {
  const name = nameOf(settings)
  const where = settings.region === null ? 'the region that AWS_REGION or the profile names' : settings.region
  const notFound: Explanation = {
    message: `there is no ${name} in ${where}`,
    hint: `Check \`iam.${settings.kind}\` and \`iam.region\` in duro.yaml, and the account that the credentials belong to.`,
  }
  const denied: Explanation = {
    message: `AWS refused ${action} for the ${name}`,
    hint:
      `The policy of the identity has to allow ${action}` +
      (settings.kind === 'cluster' && settings.user !== null
        ? ' on the cluster, its database, the user and its groups (redshift:CreateClusterUser for auto_create).'
        : '.'),
  }
  return explainAwsError(error, {
    code: 'connection',
    failed: 'no password from AWS',
    explanations: {
      ClusterNotFound: notFound,
      ClusterNotFoundFault: notFound,
      ResourceNotFoundException: notFound,
      AccessDenied: denied,
      AccessDeniedException: denied,
      '403': denied,
    },
  })
}

export const nameOf = (settings: IamSettings): string =>
  settings.kind === 'cluster' ? `cluster ${settings.cluster}` : `workgroup ${settings.workgroup}`
