import { expect, test } from 'vitest'
import { explainConnectionError } from '../../../../../src/engine/redshift/connection/connection-error.ts'
import { DuroError } from '../../../../../src/errors.ts'

const target = 'sales.abc.eu-west-1.redshift.amazonaws.com:5439/dev'
const withCode = (message: string, code?: string): Error =>
  Object.assign(new Error(message), code === undefined ? {} : { code })

test.each<[Error, string, RegExp | null]>([
  [withCode('Unknown authenticationOk message type 13'), 'stored as sha256', /as md5.*`iam`/],
  [withCode('Unknown authenticationOk message type 7'), 'a way to log in that is not known', /`iam`/],
  [
    withCode(
      'no pg_hba.conf entry for host "::ffff:10.0.0.1", user "joan", database "dev", SSL off',
      '28000',
    ),
    'takes only encrypted connections',
    /sslmode=require/,
  ],
  [
    withCode('no pg_hba.conf entry for host "::ffff:10.0.0.1", user "joan", database "dev", SSL on', '28000'),
    'does not let this user in from here',
    /user and the database/,
  ],
  [
    withCode('password authentication failed for user "IAM:joan"', '28000'),
    'refused the password',
    /minutes/,
  ],
  [withCode('password authentication failed for user "joan"', '28P01'), 'refused the password', /password/],
  [withCode('user "joan" is disabled', '28000'), 'refused the login', /user/],
  [withCode('database "sals" does not exist', '3D000'), 'the database of', /`dev`/],
  [withCode('database "sals" does not exist'), 'the database of', /`dev`/],
  [withCode('connection limit "500" exceeded for non-bootstrap users'), 'no connection left', /concurrency/],
  [withCode('sorry', '53300'), 'no connection left', /concurrency/],
  [
    withCode('unrecognized configuration parameter "lock_timeout"', '42704'),
    'a setting that the URL',
    /options/,
  ],
  [withCode('the database system is starting up', '57P03'), 'starting up', /Try again/],
  [withCode('The server does not support SSL connections'), 'does not encrypt', /sslmode=disable/],
  [
    withCode("Hostname/IP does not match certificate's altnames", 'ERR_TLS_CERT_ALTNAME_INVALID'),
    'that of another host',
    /verify-ca/,
  ],
  [withCode('self-signed certificate', 'DEPTH_ZERO_SELF_SIGNED_CERT'), 'somebody unknown', /sslrootcert/],
  [
    withCode('self-signed certificate in chain', 'SELF_SIGNED_CERT_IN_CHAIN'),
    'somebody unknown',
    /proxy.*sslrootcert/,
  ],
  [
    withCode('unable to verify the first certificate', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
    'nobody known has signed',
    /sslrootcert/,
  ],
  [withCode('certificate has expired', 'CERT_HAS_EXPIRED'), 'not valid now', /clock/],
  [withCode('There was an error establishing an SSL connection'), 'no encrypted connection', /5439/],
  [withCode('connect ETIMEDOUT 10.0.0.1:5439', 'ETIMEDOUT'), 'did not answer in time', /security group.*VPC/],
  [withCode('timeout expired'), 'did not answer in time', /publicly accessible/],
  [withCode('connect EHOSTUNREACH', 'EHOSTUNREACH'), 'no way to', /VPC/],
  [withCode('connect ECONNREFUSED', 'ECONNREFUSED'), 'nothing listens at', /paused/],
  [withCode('getaddrinfo ENOTFOUND', 'ENOTFOUND'), 'is unknown', /region/],
  [withCode('getaddrinfo EAI_AGAIN', 'EAI_AGAIN'), 'could not be looked up', /name server/],
  [withCode('read ECONNRESET', 'ECONNRESET'), 'closed the connection', null],
  [withCode('Connection terminated unexpectedly'), 'closed the connection', /sslmode=require/],
  [withCode('something else', 'XX000'), 'cannot connect to', null],
  [
    new AggregateError([withCode('connect ECONNREFUSED ::1', 'ECONNREFUSED')]),
    'nothing listens at',
    /paused/,
  ],
])('%s', (error, message, hint) => {
  const explained = explainConnectionError(error, target)
  expect(explained).toMatchObject({ code: 'connection', cause: error })
  expect(explained.message).toContain(message)
  expect(explained.message).toContain(target)
  expect(explained.hint ?? '').toMatch(hint ?? /^$/)
})

test('what nobody knows is told in its own words', () => {
  expect(explainConnectionError(withCode('something else', 'XX000'), target).message).toBe(
    `cannot connect to ${target}: something else`,
  )
  expect(explainConnectionError(withCode('', 'EWHATEVER'), target).message).toBe(
    `cannot connect to ${target}: EWHATEVER`,
  )
})

test('what is explained already stays as it is', () => {
  const error = new DuroError('connection', 'AWS does not know the access key')
  expect(explainConnectionError(error, target)).toBe(error)
})
