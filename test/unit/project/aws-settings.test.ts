import { describe, expect, test } from 'vitest'
import { redact } from '../../../src/cli/redact.ts'
import { scriptEnvironment, secretsOf } from '../../../src/import/script-environment.ts'
import { load, problemsIn } from './load.ts'

const view = { 'views/first/cities.sql': 'select 1' }

const problems = async (yaml: string, env: NodeJS.ProcessEnv = {}): Promise<string[]> =>
  problemsIn({ ...view, 'duro.yaml': yaml }, { env })

const settings = async (yaml: string, env: NodeJS.ProcessEnv = {}) =>
  (await load({ ...view, 'duro.yaml': yaml }, { env })).settings

describe('s3', () => {
  test('needs a bucket only, and leaves the rest to AWS', async () => {
    expect((await settings('s3: { bucket: loads }')).s3).toEqual({
      bucket: 'loads',
      prefix: 'duro/',
      iamRole: null,
      pathStyle: false,
      region: null,
      keys: null,
      endpoint: null,
    })
  })

  test('says all that can be said, with variables filled in', async () => {
    const yaml = `
s3:
  bucket: loads.example
  prefix: /nightly/duro
  region: us-gov-west-1
  iam_role: arn:aws-us-gov:iam::123456789012:role/loader
  access_key_id: \${KEY}
  secret_access_key: \${SECRET}
  session_token: 007
  endpoint: http://127.0.0.1:9000
  path_style: true
`
    expect((await settings(yaml, { KEY: 'AKIA1', SECRET: 'geheim,1' })).s3).toEqual({
      bucket: 'loads.example',
      prefix: 'nightly/duro/',
      iamRole: 'arn:aws-us-gov:iam::123456789012:role/loader',
      pathStyle: true,
      region: 'us-gov-west-1',
      keys: { accessKeyId: 'AKIA1', secretAccessKey: 'geheim,1', sessionToken: '007' },
      endpoint: 'http://127.0.0.1:9000',
    })
  })

  test.each([
    ['""', ''],
    ['/', ''],
    ['a', 'a/'],
  ])('the prefix %s is %j', async (prefix, known) => {
    expect((await settings(`s3: { bucket: loads, prefix: ${prefix} }`)).s3?.prefix).toBe(known)
  })

  test.each([
    'default',
    'arn:aws:iam::123456789012:role/service-role/x',
    '"arn:aws:iam::123456789012:role/a,arn:aws:iam::210987654321:role/b"',
  ])('the role %s', async (role) => {
    expect((await settings(`s3: { bucket: loads, iam_role: ${role} }`)).s3?.iamRole).toBe(
      role.replaceAll('"', ''),
    )
  })

  test.each<[string, string[]]>([
    ['s3: loads', [':1:5 s3 must hold keys and values']],
    ['s3: { region: eu-west-1 }', [':1:5 s3.bucket is missing']],
    ['s3: { bucket: loads, bukket: a }', [':1:22 unknown key s3.bukket (Did you mean bucket?)']],
    [
      's3: { bucket: s3://loads/duro }',
      [':1:15 s3.bucket must be the name of a bucket alone: 3 to 63 small letters, digits, dots and hyphens'],
    ],
    ['s3: { bucket: loads, region: Ireland }', [':1:30 s3.region must be written as eu-west-1 is']],
    [
      's3: { bucket: loads, iam_role: loader }',
      [':1:32 s3.iam_role must be default or the ARN of a role, arn:aws:iam::123456789012:role/name'],
    ],
    ['s3: { bucket: loads, path_style: maybe }', [':1:34 s3.path_style must be true or false']],
    ['s3: { bucket: loads, endpoint: 127.0.0.1 }', [':1:32 s3.endpoint must be an http:// or https:// URL']],
    [
      's3: { bucket: loads, endpoint: "http://joan:secret@h" }',
      [':1:33 s3.endpoint must not hold a password'],
    ],
    ['s3: { bucket: loads, access_key_id: a }', [':1:22 s3.access_key_id needs secret_access_key too']],
    [
      's3: { bucket: loads, secret_access_key: secret }',
      [':1:22 s3.secret_access_key needs access_key_id too'],
    ],
    [
      's3: { bucket: loads, session_token: secret }',
      [':1:22 s3.session_token needs access_key_id and secret_access_key too'],
    ],
    [
      's3: { bucket: loads, access_key_id: "x${ID}", secret_access_key: "${SECRET}" }',
      [
        ':1:39 ${ID} is not set (Set it in the environment or in .env.)',
        ':1:67 ${SECRET} is not set (Set it in the environment or in .env.)',
      ],
    ],
  ])('%s', async (yaml, expected) => {
    const found = await problems(yaml)
    expect(found).toEqual(expected.map((problem) => `duro.yaml${problem}`))
    expect(found.join()).not.toContain('joan:secret')
  })
})

describe('iam', () => {
  test('a cluster', async () => {
    const yaml =
      'iam: { cluster: sales, user: joan, db_groups: loaders, auto_create: true, region: eu-west-1, database: dev }'
    expect((await settings(yaml)).iam).toEqual({
      kind: 'cluster',
      cluster: 'sales',
      user: 'joan',
      dbGroups: ['loaders'],
      autoCreate: true,
      database: 'dev',
      region: 'eu-west-1',
      keys: null,
      endpoint: null,
    })
    expect((await settings('iam: { cluster: sales }')).iam).toMatchObject({
      user: null,
      dbGroups: [],
      autoCreate: false,
      database: null,
    })
  })

  test('a workgroup', async () => {
    expect((await settings('iam: { workgroup: sales }')).iam).toEqual({
      kind: 'workgroup',
      workgroup: 'sales',
      database: null,
      region: null,
      keys: null,
      endpoint: null,
    })
  })

  test.each<[string, string[]]>([
    ['iam: {}', [':1:6 iam must have one of the keys cluster and workgroup']],
    ['iam: { cluster: a, workgroup: b }', [':1:6 iam must have one of the keys cluster and workgroup']],
    ['iam: { cluster: a, usr: b }', [':1:20 unknown key iam.usr (Did you mean user?)']],
    ['iam: { cluster: a, db_groups: [b] }', [':1:20 iam.db_groups needs user too']],
    ['iam: { cluster: a, auto_create: true }', [':1:20 iam.auto_create needs user too']],
    [
      'iam: { workgroup: a, user: b }',
      [':1:22 iam.user is for clusters: a workgroup knows its users by their identity at AWS'],
    ],
    ['iam: { cluster: a, access_key_id: b }', [':1:20 iam.access_key_id needs secret_access_key too']],
  ])('%s', async (yaml, expected) => {
    expect(await problems(yaml)).toEqual(expected.map((problem) => `duro.yaml${problem}`))
  })
})

describe('keys', () => {
  const yaml = `
s3: { bucket: loads, access_key_id: AKIAS3, secret_access_key: "\${SECRET}", session_token: tokenS3 }
iam: { cluster: sales, access_key_id: AKIAIAM, secret_access_key: secret/of+iam }
`
  const env = { SECRET: 'secret/of+s3' }

  test('are masked in all output', async () => {
    const project = await load({ ...view, 'duro.yaml': yaml }, { env })
    const secrets = secretsOf(project, () => undefined)
    expect(secrets).toEqual(['AKIAS3', 'secret/of+s3', 'tokenS3', 'AKIAIAM', 'secret/of+iam'])
    expect(redact("copy … access_key_id 'AKIAS3' secret_access_key 'secret/of+s3'", secrets)).toBe(
      "copy … access_key_id '***' secret_access_key '***'",
    )
  })

  test('are not given to scripts, but for those that a view asks for', async () => {
    const url = 'Redshift://joan:secret@warehouse/sales'
    const both = { SECRET: 'secret/of+s3', OTHER: 'secret/of+iam', HOME: '/home/joan', WAREHOUSE_URL: url }
    const files = { ...view, 'duro.yaml': yaml, 'views/first/cities.yaml': 'env: OTHER' }
    const project = await load(files, { env: both })
    const cities = project.views.get('first.cities')
    if (cities === undefined) throw new Error('first.cities was not loaded')
    const given = scriptEnvironment(cities, {
      project,
      env: both,
      variables: (name) => (name === 'OTHER' ? both.OTHER : undefined),
    })
    expect(given).toEqual({ OTHER: 'secret/of+iam', HOME: '/home/joan' })
  })
})
