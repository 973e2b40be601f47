import * as z from 'zod'
import { explainAwsError, saidBy, type AwsFailure, type Explanation } from '../../aws/explain-aws-error.ts'
import type { DuroError } from '../../errors.ts'
import type { S3Settings } from '../../project/aws-settings.ts'

/** What the client for S3, or S3 itself, said, in words that tell what to do. */
export function explainS3Error(
  error: unknown,
  { bucket, prefix, region }: S3Settings,
  failure: Pick<AwsFailure, 'code' | 'failed'>,
): DuroError {
  const noBucket: Explanation = {
    message: `there is no bucket ${bucket}`,
    hint: 'Check `s3.bucket` in duro.yaml.',
  }
  const denied: Explanation = {
    message: `S3 refused access to s3://${bucket}/${prefix}`,
    hint:
      'The identity needs s3:PutObject, s3:GetObject, s3:DeleteObject and s3:AbortMultipartUpload there, ' +
      'and s3:ListBucket and s3:ListBucketMultipartUploads on the bucket.',
  }
  const elsewhere: Explanation = {
    message: `the bucket ${bucket} is not in the region ${region ?? 'that AWS_REGION or the profile names'}`,
    hint: `Set \`s3.region\` in duro.yaml to ${regionIn(error) ?? 'the region of the bucket'}.`,
  }
  return explainAwsError(error, {
    ...failure,
    explanations: {
      NoSuchBucket: noBucket,
      AccessDenied: denied,
      AllAccessDisabled: denied,
      PermanentRedirect: elsewhere,
      TemporaryRedirect: elsewhere,
      AuthorizationHeaderMalformed: elsewhere,
      IllegalLocationConstraintException: elsewhere,
      // What answers without a body leave to be known.
      '301': elsewhere,
      '403': denied,
      '404': noBucket,
    },
  })
}

/** S3 says in a header, or in words, where the bucket is. */
function regionIn(error: unknown): string | null {
  const said = /expecting '([\w-]+)'/.exec(saidBy(error))?.[1]
  if (said !== undefined) return said
  const response = responseSchema.safeParse(error)
  return response.data?.$response.headers['x-amz-bucket-region'] ?? null
}

const responseSchema = z.object({
  $response: z.object({ headers: z.object({ 'x-amz-bucket-region': z.string() }) }),
})
