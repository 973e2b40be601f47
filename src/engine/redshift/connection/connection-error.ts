import { DuroError } from '../../../errors.ts'
import { errorCodeOf } from '../../connection-loss.ts'

interface Rule {
  /** The names that node, OpenSSL or the server give to it. */
  codes?: readonly string[]
  /** What the server or the driver says: Redshift has one code for much, and the driver none. */
  said?: RegExp
  message: (target: string) => string
  hint?: string
}

const certificateHint =
  'Name the certificates of AWS with sslrootcert=… in the URL; with sslmode=require nobody is verified.'

const noDatabase: Rule = {
  message: (target) => `the database of ${target} does not exist`,
  hint: 'Check its name; that of a cluster is `dev` unless it was given another.',
}

const full: Rule = {
  message: (target) => `${target} has no connection left`,
  hint: 'Lower `concurrency` in duro.yaml, or end sessions that nobody needs.',
}

const noAnswer: Rule = {
  message: (target) => `${target} did not answer in time`,
  hint:
    'Its security group has to let this address in at the port, and outside of its VPC it has to be publicly ' +
    'accessible. A cluster that is paused does not answer either.',
}

/** The first that fits counts: where it has both, both have to. */
const rules: readonly Rule[] = [
  {
    said: /authenticationOk message type 13\b/,
    message: (target) => `the user's password at ${target} is stored as sha256, which cannot be used here`,
    hint:
      'Have it stored as md5: give `alter user` md5 and, right behind it, the digest of the password followed by the ' +
      "user's name, in the place of the password. " +
      'Or let AWS give passwords: see `iam` in duro.yaml.',
  },
  {
    said: /authenticationOk message type/,
    message: (target) => `${target} asks for a way to log in that is not known here`,
    hint: 'Use a user with a password, or let AWS give passwords: see `iam` in duro.yaml.',
  },
  {
    said: /\bSSL off\b|no encryption/,
    message: (target) => `${target} takes only encrypted connections`,
    hint: 'Write sslmode=require into the URL, or verify-full.',
  },
  {
    said: /no pg_hba\.conf entry/,
    message: (target) => `${target} does not let this user in from here`,
    hint: 'Check the user and the database, and whether the user may connect with a password.',
  },
  {
    codes: ['28000', '28P01'],
    said: /password/,
    message: (target) => `${target} refused the password`,
    hint:
      'Check the user and the password. Those that AWS gives are valid for minutes, and on encrypted connections ' +
      'only (sslmode=require).',
  },
  {
    codes: ['28000', '28P01'],
    message: (target) => `${target} refused the login`,
    hint: 'Check the user, and whether it may connect to this database.',
  },
  { codes: ['3D000'], ...noDatabase },
  { said: /\bdatabase "[^"]*" does not exist/, ...noDatabase },
  { codes: ['53300'], ...full },
  { said: /connection limit|too many connections/i, ...full },
  {
    said: /unrecognized configuration parameter/,
    message: (target) => `${target} does not know a setting that the URL asks for`,
    hint: 'Take `options` and all settings of PostgreSQL out of the URL.',
  },
  {
    codes: ['57P03', '57P01', '57P02'],
    message: (target) => `${target} is starting up or shutting down`,
    hint: 'Try again in some minutes.',
  },
  {
    said: /server does not support SSL/,
    message: (target) => `${target} does not encrypt connections`,
    hint: 'Is it Redshift? For a tunnel or a stand-in write sslmode=disable into the URL.',
  },
  {
    codes: ['ERR_TLS_CERT_ALTNAME_INVALID'],
    message: (target) => `the certificate of ${target} is that of another host`,
    hint:
      'Use the name of the endpoint that AWS shows. Through a tunnel or another name sslmode=verify-ca verifies all ' +
      'but the name.',
  },
  {
    codes: ['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN'],
    message: (target) => `the certificate of ${target} is signed by somebody unknown`,
    hint: `A proxy may be in between. ${certificateHint}`,
  },
  {
    codes: [
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'UNABLE_TO_GET_ISSUER_CERT',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    ],
    message: (target) => `nobody known has signed the certificate of ${target}`,
    hint: certificateHint,
  },
  {
    codes: ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'],
    message: (target) => `the certificate of ${target} is not valid now`,
    hint: 'Check the clock of this machine, and the certificates that sslrootcert=… names.',
  },
  {
    said: /error establishing an SSL connection|wrong version number|SSL routines/,
    message: (target) => `no encrypted connection to ${target} could be made`,
    hint: 'Is it Redshift, and is the port right? It is 5439 unless it was given another.',
  },
  { codes: ['ETIMEDOUT'], ...noAnswer },
  { said: /\btimeout expired\b|connection timeout/i, ...noAnswer },
  {
    codes: ['EHOSTUNREACH', 'ENETUNREACH'],
    message: (target) => `there is no way to ${target}`,
    hint: 'The address is one within a VPC, perhaps: connect from there, by a VPN or a tunnel.',
  },
  {
    codes: ['ECONNREFUSED'],
    message: (target) => `nothing listens at ${target}`,
    hint: 'Are host and port right (5439 unless it was given another), and is the cluster not paused?',
  },
  {
    codes: ['ENOTFOUND'],
    message: (target) => `the host of ${target} is unknown`,
    hint: 'Check the name and the region in it; a cluster that was deleted has no name any more.',
  },
  {
    codes: ['EAI_AGAIN'],
    message: (target) => `the host of ${target} could not be looked up`,
    hint: 'Check the host name and the name server.',
  },
  { codes: ['ECONNRESET'], message: (target) => `${target} closed the connection` },
  {
    said: /connection terminated/i,
    message: (target) => `${target} closed the connection`,
    hint: 'Is it Redshift, and does it want encrypted connections (sslmode=require)?',
  },
]

/** @param target host, port and database without credentials */
export function explainConnectionError(error: unknown, target: string): DuroError {
  if (error instanceof DuroError) return error
  const code = errorCodeOf(error)
  const said = sayingOf(error)
  const rule = rules.find((each) => fits(each, code, said))
  if (rule !== undefined) {
    return new DuroError('connection', rule.message(target), { hint: rule.hint, cause: error })
  }
  return new DuroError('connection', `cannot connect to ${target}: ${said || code}`, { cause: error })
}

const fits = ({ codes, said: pattern }: Rule, code: string | null, said: string): boolean =>
  (codes === undefined || (code !== null && codes.includes(code))) &&
  (pattern === undefined || pattern.test(said))

/** Of all addresses of a host that were tried, the first stands for the rest. */
function sayingOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return sayingOf(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}
