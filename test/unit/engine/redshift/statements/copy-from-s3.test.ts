import { expect, test } from 'vitest'
import { copyFromS3 } from '../../../../../src/engine/redshift/statements/copy-from-s3.ts'
import { describeUpload } from '../../../../../src/import/s3/describe-upload.ts'
import type { S3Settings } from '../../../../../src/project/aws-settings.ts'

const table = { schema: 'first', name: 'cities__duro_new' }
const upload = {
  manifestUrl: 's3://loads/duro/20261120-100003-4f2a/first.cities/manifest.json',
  nullMarker: 'duro-null-0123456789abcdef',
  region: 'eu-west-1',
}

test('a copy with the role of the cluster', () => {
  const access = { kind: 'role', role: 'default' } as const
  expect(copyFromS3(table, ['name', 'Total €'], { ...upload, access })).toBe(
    `copy first.cities__duro_new (name, "Total €")
from 's3://loads/duro/20261120-100003-4f2a/first.cities/manifest.json'
iam_role default
region 'eu-west-1'
manifest gzip csv ignoreheader as 1 encoding as utf8
null as 'duro-null-0123456789abcdef'
dateformat 'auto' timeformat 'auto' roundec
maxerror 0 compupdate off statupdate on`,
  )
})

test.each([
  [
    { kind: 'role', role: 'arn:aws:iam::123456789012:role/loader' } as const,
    "iam_role 'arn:aws:iam::123456789012:role/loader'",
  ],
  [
    { kind: 'keys', accessKeyId: 'AKIA', secretAccessKey: "a'b\\c", sessionToken: null } as const,
    "access_key_id 'AKIA' secret_access_key 'a''b\\\\c'",
  ],
  [
    { kind: 'keys', accessKeyId: 'AKIA', secretAccessKey: 'x', sessionToken: 'y' } as const,
    "access_key_id 'AKIA' secret_access_key 'x' session_token 'y'",
  ],
])('with the rights of %j', (access, line) => {
  expect(copyFromS3(table, ['a'], { ...upload, access }).split('\n')[2]).toBe(line)
})

test('a region that nobody named is left to Redshift', () => {
  const access = { kind: 'role', role: 'default' } as const
  expect(copyFromS3(table, ['a'], { ...upload, region: null, access })).not.toContain('region')
})

test('no text ends the statement early', () => {
  const access = { kind: 'role', role: "arn'; drop table x; --" } as const
  expect(copyFromS3(table, ['a'], { ...upload, access })).toContain("iam_role 'arn''; drop table x; --'")
  const nul = { ...upload, nullMarker: '\0', access }
  expect(() => copyFromS3(table, ['a'], nul)).toThrow('cannot contain the character NUL')
})

test('the description of a copy has no secrets, and no columns, which nobody knows yet', () => {
  const settings: S3Settings = {
    bucket: 'loads',
    prefix: 'duro/',
    region: 'eu-west-1',
    keys: { accessKeyId: 'AKIATEST', secretAccessKey: 'geheim', sessionToken: 'token' },
    endpoint: null,
    iamRole: null,
    pathStyle: false,
  }
  const where = { runId: '20261120-100003-4f2a', view: 'first.cities' }
  expect(copyFromS3(table, [], describeUpload(settings, where)).split('\n').slice(0, 3)).toEqual([
    'copy first.cities__duro_new',
    "from 's3://loads/duro/20261120-100003-4f2a/first.cities/manifest.json'",
    "access_key_id '***' secret_access_key '***' session_token '***'",
  ])
  const withRole = describeUpload({ ...settings, iamRole: 'default' }, where)
  expect(copyFromS3(table, [], withRole)).toContain('\niam_role default\n')
})
