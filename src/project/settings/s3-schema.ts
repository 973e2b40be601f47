import type { S3Settings } from '../aws-settings.ts'
import { awsFields, awsSettings, checkKeys } from './aws-schema.ts'
import * as leaf from './leaves.ts'

const bucket = leaf.text.refine(
  (name) => /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name),
  'must be the name of a bucket alone: 3 to 63 small letters, digits, dots and hyphens',
)

/** One role, or a chain of roles that one after the other is taken on. */
const role = leaf.text.refine(
  (name) => name === 'default' || /^arn:aws[\w-]*:iam::\d{12}:role\/[^\s,]+(,arn:aws[^\s,]+)*$/.test(name),
  'must be default or the ARN of a role, arn:aws:iam::123456789012:role/name',
)

/** `s3` in duro.yaml. */
export const s3Schema = leaf
  .keys({
    bucket,
    prefix: leaf.freeText.nullish(),
    iam_role: role.nullish(),
    path_style: leaf.flag.nullish(),
    ...awsFields,
  })
  .superRefine(checkKeys)
  .transform((file): S3Settings => {
    const prefix = (file.prefix ?? 'duro/').replace(/^\/+|\/+$/g, '')
    return {
      bucket: file.bucket,
      prefix: prefix === '' ? '' : `${prefix}/`,
      iamRole: file.iam_role ?? null,
      pathStyle: file.path_style ?? false,
      ...awsSettings(file),
    }
  })
