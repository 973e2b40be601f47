import { DuroError, type ErrorCode } from '../errors.ts'

export interface Explanation {
  message: string
  hint?: string
}

/** By the name that AWS, or its client, gives to an error. */
export type Explanations = Readonly<Record<string, Explanation>>

export interface AwsFailure {
  code: ErrorCode
  /** How the message begins: `first.cities could not be built`. */
  failed: string
  /** What is special to the service; goes before what all have in common. */
  explanations: Explanations
}

/** What AWS, its client or the network said, in words that tell what to do. */
export function explainAwsError(error: unknown, { code, failed, explanations }: AwsFailure): DuroError {
  if (error instanceof DuroError) return error
  const names = namesOf(error)
  const found = byMessage(error) ?? names.flatMap((name) => explanations[name] ?? common[name] ?? [])[0]
  if (found !== undefined)
    return new DuroError(code, `${failed}: ${found.message}`, { hint: found.hint, cause: error })
  return new DuroError(code, `${failed}: ${saidBy(error)}`, { cause: error })
}

/** What it said itself, never nothing. */
export function saidBy(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return saidBy(error.errors[0])
  const said = error instanceof Error ? error.message : String(error)
  return said === '' || said === 'UnknownError' ? (namesOf(error)[0] ?? 'no reason was given') : said
}

/** Its name, its code, and the status of the answer: `AccessDenied`, `ECONNREFUSED`, `403`. */
function namesOf(error: unknown): string[] {
  if (typeof error !== 'object' || error === null) return []
  if (error instanceof AggregateError && error.errors.length > 0) return namesOf(error.errors[0])
  const names = ['name', 'Code', 'code'].flatMap((key) => {
    const value: unknown = Reflect.get(error, key)
    return typeof value === 'string' && value !== 'Error' && value !== '' ? [value] : []
  })
  const status = statusOf(error)
  return status === null ? names : [...names, String(status)]
}

function statusOf(error: object): number | null {
  const metadata: unknown = Reflect.get(error, '$metadata')
  const status: unknown =
    typeof metadata === 'object' && metadata !== null ? Reflect.get(metadata, 'httpStatusCode') : null
  return typeof status === 'number' ? status : null
}

/** A region that is missing has no name for the client, and an expired session that of credentials that are missing. */
function byMessage(error: unknown): Explanation | undefined {
  const said = saidBy(error)
  if (/region is missing/i.test(said)) return noRegion
  return /\b(session|token)\b.*\bexpired\b/i.test(said) ? expired : undefined
}

const noRegion: Explanation = {
  message: 'no region of AWS is set',
  hint: 'Set `region` in duro.yaml, or AWS_REGION.',
}

const expired: Explanation = {
  message: 'the credentials for AWS have expired',
  hint: 'Get new ones (`aws sso login`, or a new session token), and run it again.',
}

const wrongKeys: Explanation = {
  message: 'AWS does not know the access key',
  hint: 'Check access_key_id in duro.yaml, or AWS_ACCESS_KEY_ID; temporary keys need session_token too.',
}

const wrongSecret: Explanation = {
  message: 'the secret access key does not belong to the access key',
  hint: 'Check secret_access_key in duro.yaml, or AWS_SECRET_ACCESS_KEY.',
}

const wrongToken: Explanation = {
  message: 'the session token is wrong',
  hint: 'Check session_token in duro.yaml, or AWS_SESSION_TOKEN: it belongs to temporary keys, and to no others.',
}

const throttled: Explanation = {
  message: 'AWS was asked too often',
  hint: 'Try again in a moment.',
}

const noAnswer: Explanation = {
  message: 'AWS did not answer in time',
  hint: 'A firewall or a proxy may be in the way; without a way to the internet a VPC endpoint is needed.',
}

const unknownHost: Explanation = {
  message: 'the address of AWS could not be looked up',
  hint: 'Check `region` and `endpoint` in duro.yaml, and the name server.',
}

/** What all services, and the client itself, have in common. */
const common: Explanations = {
  CredentialsProviderError: {
    message: 'no credentials for AWS were found',
    hint:
      'Set access_key_id and secret_access_key in duro.yaml, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, ' +
      'or AWS_PROFILE, or run it with a role. `aws sts get-caller-identity` shows what is found.',
  },
  ExpiredToken: expired,
  ExpiredTokenException: expired,
  RequestExpired: expired,
  TokenRefreshRequired: expired,
  TokenProviderError: expired,
  InvalidAccessKeyId: wrongKeys,
  InvalidClientTokenId: wrongKeys,
  UnrecognizedClientException: wrongKeys,
  SignatureDoesNotMatch: wrongSecret,
  InvalidSignatureException: wrongSecret,
  InvalidToken: wrongToken,
  RequestTimeTooSkewed: {
    message: 'the clock of this machine is wrong',
    hint: 'AWS takes requests only within some minutes of its own time.',
  },
  SlowDown: throttled,
  Throttling: throttled,
  ThrottlingException: throttled,
  TooManyRequestsException: throttled,
  RequestLimitExceeded: throttled,
  ENOTFOUND: unknownHost,
  EAI_AGAIN: unknownHost,
  ECONNREFUSED: { message: 'nothing listens at the address of AWS', hint: 'Check `endpoint` in duro.yaml.' },
  TimeoutError: noAnswer,
  ETIMEDOUT: noAnswer,
}
