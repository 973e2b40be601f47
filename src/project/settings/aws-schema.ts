import * as z from 'zod'
import type { AwsSettings } from '../aws-settings.ts'
import * as leaf from './leaves.ts'

const region = leaf.text.refine(
  (name) => /^[a-z]{2,}(-[a-z]+)+-\d+$/.test(name),
  'must be written as eu-west-1 is',
)

const endpoint = leaf.text
  .refine((url) => /^https?:\/\//.test(url) && URL.canParse(url), 'must be an http:// or https:// URL')
  .refine((url) => !hasPassword(url), 'must not hold a password')

/** The keys of settings that name a service of AWS. */
export const awsFields = {
  region: region.nullish(),
  access_key_id: leaf.text.nullish(),
  secret_access_key: leaf.text.nullish(),
  session_token: leaf.text.nullish(),
  endpoint: endpoint.nullish(),
}

const awsObject = z.object(awsFields)
type AwsFile = z.output<typeof awsObject>

/** What is said of keys of which some are missing. */
export function checkKeys(file: AwsFile, context: z.core.$RefinementCtx): void {
  const [id, secret, token] = [file.access_key_id, file.secret_access_key, file.session_token].map(isSet)
  const complain = (key: string, message: string): void =>
    context.addIssue({ code: 'custom', path: [key], message, params: { key: true } })
  if (id && !secret) complain('access_key_id', 'needs secret_access_key too')
  if (secret && !id) complain('secret_access_key', 'needs access_key_id too')
  if (token && !id && !secret) complain('session_token', 'needs access_key_id and secret_access_key too')
}

export function awsSettings(file: AwsFile): AwsSettings {
  const { access_key_id: accessKeyId, secret_access_key: secretAccessKey } = file
  const whole = accessKeyId && secretAccessKey
  return {
    region: file.region ?? null,
    keys: whole ? { accessKeyId, secretAccessKey, sessionToken: file.session_token ?? null } : null,
    endpoint: file.endpoint ?? null,
  }
}

const isSet = (value: unknown): boolean => value !== null && value !== undefined

function hasPassword(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { username, password } = new URL(url)
  return username !== '' || password !== ''
}
