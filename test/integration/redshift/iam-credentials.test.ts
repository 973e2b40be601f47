import { join } from 'node:path'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { configFromIam } from '../../../src/engine/redshift/connection/iam-credentials.ts'
import type { IamSettings } from '../../../src/project/aws-settings.ts'
import { usingFakeServer, type FakeAnswer, type FakeRequest } from '../../support/fake-http-server.ts'
import { makeTemporaryFolder } from '../../support/temporary-folder.ts'

const aws = {
  region: 'eu-west-1',
  keys: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret', sessionToken: null },
  database: null,
}
const cluster = {
  ...aws,
  kind: 'cluster' as const,
  cluster: 'sales',
  user: 'joan',
  dbGroups: ['loaders', 'readers'],
  autoCreate: true,
}
const workgroup = { ...aws, kind: 'workgroup' as const, workgroup: 'sales' }

beforeEach(async () => {
  const none = join(await makeTemporaryFolder('iam'), 'none')
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE', 'AWS_REGION'])
    vi.stubEnv(name, undefined)
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
  vi.stubEnv('AWS_CONFIG_FILE', none)
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', none)
  vi.stubEnv('AWS_MAX_ATTEMPTS', '1')
  return () => vi.unstubAllEnvs()
})

/** What Redshift's API answers, which is XML. */
const xml = (action: string, result: string): FakeAnswer => ({
  headers: { 'content-type': 'text/xml' },
  body:
    `<${action}Response xmlns="http://redshift.amazonaws.com/doc/2012-12-01/"><${action}Result>${result}` +
    `</${action}Result><ResponseMetadata><RequestId>x</RequestId></ResponseMetadata></${action}Response>`,
})

const refusedXml = (code: string, message: string, status: number): FakeAnswer => ({
  status,
  headers: { 'content-type': 'text/xml' },
  body:
    '<ErrorResponse xmlns="http://redshift.amazonaws.com/doc/2012-12-01/"><Error><Type>Sender</Type>' +
    `<Code>${code}</Code><Message>${message}</Message></Error><RequestId>x</RequestId></ErrorResponse>`,
})

/** What that of Redshift Serverless answers. */
const json = (said: object): FakeAnswer => ({
  headers: { 'content-type': 'application/x-amz-json-1.1' },
  body: JSON.stringify(said),
})

const refusedJson = (type: string, message: string, status: number): FakeAnswer => ({
  ...json({ __type: type, message }),
  status,
})

const inAQuarter = (): Date => new Date(Math.ceil(Date.now() / 1000) * 1000 + 900_000)

const clusterCredentials = (action = 'GetClusterCredentials', password = 'pass=word+/'): FakeAnswer =>
  xml(
    action,
    `<DbUser>IAM:joan</DbUser><DbPassword>${password}</DbPassword><Expiration>${inAQuarter().toISOString()}</Expiration>`,
  )

const asked = ({ body }: FakeRequest): Record<string, string> => Object.fromEntries(new URLSearchParams(body))

interface Concealed {
  conceal: (secret: string) => void
  secrets: string[]
}

function concealed(): Concealed {
  const secrets: string[] = []
  return { secrets, conceal: (secret) => void secrets.push(secret) }
}

describe('a cluster', () => {
  test('gives a password for a user, who is made with his groups', async () => {
    await usingFakeServer(
      () => clusterCredentials(),
      async (endpoint, requests) => {
        const { conceal, secrets } = concealed()
        const config = { host: 'db.example', port: 5439, database: 'dev', user: 'x', password: 'y' }
        const settings: IamSettings = { ...cluster, endpoint }
        const found = await configFromIam(config, settings, { conceal })()
        expect(found).toEqual({ ...config, user: 'IAM:joan', password: 'pass=word+/' })
        expect(secrets).toEqual(['pass=word+/'])
        expect(requests.map(asked)).toEqual([
          {
            Action: 'GetClusterCredentials',
            Version: '2012-12-01',
            ClusterIdentifier: 'sales',
            DbUser: 'joan',
            DbName: 'dev',
            DurationSeconds: '900',
            AutoCreate: 'true',
            'DbGroups.DbGroup.1': 'loaders',
            'DbGroups.DbGroup.2': 'readers',
          },
        ])
        expect(requests[0]?.headers.authorization).toContain('/eu-west-1/redshift/aws4_request')
      },
    )
  })

  test('gives one for whoever asks, where no user is named', async () => {
    await usingFakeServer(
      () => clusterCredentials('GetClusterCredentialsWithIAM'),
      async (endpoint, requests) => {
        const settings: IamSettings = { ...cluster, user: null, dbGroups: [], autoCreate: false, endpoint }
        await configFromIam({ host: 'db.example' }, settings, concealed())()
        expect(requests.map(asked)).toEqual([
          {
            Action: 'GetClusterCredentialsWithIAM',
            Version: '2012-12-01',
            ClusterIdentifier: 'sales',
            DurationSeconds: '900',
          },
        ])
      },
    )
  })

  test('says where it is when the URL does not, and which database when it does not either', async () => {
    const place = xml(
      'DescribeClusters',
      '<Clusters><Cluster><ClusterIdentifier>sales</ClusterIdentifier><ClusterStatus>available</ClusterStatus>' +
        '<Endpoint><Address>sales.abc.eu-west-1.redshift.amazonaws.com</Address><Port>5440</Port></Endpoint>' +
        '</Cluster></Clusters>',
    )
    const answer = (request: FakeRequest): FakeAnswer =>
      asked(request)['Action'] === 'DescribeClusters' ? place : clusterCredentials()
    await usingFakeServer(answer, async (endpoint, requests) => {
      const settings: IamSettings = { ...cluster, database: 'dev', endpoint }
      const open = configFromIam({ host: '' }, settings, concealed())
      for (let time = 0; time < 2; time++) {
        expect(await open()).toEqual({
          host: 'sales.abc.eu-west-1.redshift.amazonaws.com',
          port: 5440,
          ssl: true,
          database: 'dev',
          user: 'IAM:joan',
          password: 'pass=word+/',
        })
      }
      expect(requests.map((request) => asked(request)['Action'])).toEqual([
        'DescribeClusters',
        'GetClusterCredentials',
      ])
      expect(requests.map((request) => asked(request)['DbName'])).toEqual([undefined, 'dev'])
      const ssl = { rejectUnauthorized: false }
      expect(await configFromIam({ ssl }, settings, concealed())()).toMatchObject({ ssl })
    })
  })

  test('that is paused has no address', async () => {
    const paused = xml(
      'DescribeClusters',
      '<Clusters><Cluster><ClusterStatus>paused</ClusterStatus></Cluster></Clusters>',
    )
    await usingFakeServer(
      () => paused,
      async (endpoint) => {
        await expect(configFromIam({}, { ...cluster, endpoint }, concealed())()).rejects.toMatchObject({
          code: 'connection',
          message: 'the cluster sales has no address: it is paused',
        })
      },
    )
  })

  test('is asked where AWS_ENDPOINT_URL_REDSHIFT leads', async () => {
    await usingFakeServer(
      () => clusterCredentials(),
      async (endpoint, requests) => {
        vi.stubEnv('AWS_ENDPOINT_URL_REDSHIFT', endpoint)
        await configFromIam({ host: 'db.example' }, { ...cluster, endpoint: null }, concealed())()
        expect(requests).toHaveLength(1)
      },
    )
  })

  test.each<[FakeAnswer, string, RegExp]>([
    [
      refusedXml('ClusterNotFound', 'Cluster sales not found.', 404),
      'there is no cluster sales in eu-west-1',
      /iam\.cluster/,
    ],
    [
      refusedXml('AccessDenied', 'User: arn:aws:iam::1:user/x is not authorized', 403),
      'AWS refused redshift:GetClusterCredentials for the cluster sales',
      /redshift:GetClusterCredentials on the cluster.*CreateClusterUser/,
    ],
    [refusedXml('Throttling', 'Rate exceeded', 400), 'AWS was asked too often', /Try again/],
    [refusedXml('ExpiredToken', 'The security token is expired', 403), 'have expired', /aws sso login/],
    [
      refusedXml('InvalidClientTokenId', 'The security token', 403),
      'does not know the access key',
      /access_key_id/,
    ],
    [refusedXml('UnsupportedOperation', 'not for this cluster', 400), 'not for this cluster', /^$/],
    [xml('GetClusterCredentials', ''), 'AWS gave no password for the cluster sales', /^$/],
  ])('%j', async (refusal, message, hint) => {
    await usingFakeServer(
      () => refusal,
      async (endpoint) => {
        const open = configFromIam({ host: 'db.example' }, { ...cluster, endpoint }, concealed())
        const error: unknown = await open().catch((reason: unknown) => reason)
        expect(error).toMatchObject({
          name: 'DuroError',
          code: 'connection',
          message: expect.stringContaining(message),
        })
        expect(String(Reflect.get(Object(error), 'hint') ?? '')).toMatch(hint)
      },
    )
  })
})

describe('a workgroup', () => {
  const credentials = json({
    dbUser: 'IAMR:loader',
    dbPassword: 'geheim',
    expiration: inAQuarter().getTime() / 1000,
    nextRefreshTime: inAQuarter().getTime() / 1000,
  })
  const place = json({
    workgroup: {
      workgroupName: 'sales',
      status: 'AVAILABLE',
      endpoint: { address: 'sales.1.eu-west-1.redshift-serverless.amazonaws.com', port: 5439 },
    },
  })

  const answer = ({ headers }: FakeRequest): FakeAnswer =>
    headers['x-amz-target'] === 'RedshiftServerless.GetWorkgroup' ? place : credentials

  test('gives a password, and says where it is', async () => {
    await usingFakeServer(answer, async (endpoint, requests) => {
      const { conceal, secrets } = concealed()
      const settings: IamSettings = { ...workgroup, endpoint }
      expect(await configFromIam({ database: 'dev' }, settings, { conceal })()).toEqual({
        host: 'sales.1.eu-west-1.redshift-serverless.amazonaws.com',
        port: 5439,
        ssl: true,
        database: 'dev',
        user: 'IAMR:loader',
        password: 'geheim',
      })
      expect(secrets).toEqual(['geheim'])
      expect(requests.map(({ headers, body }) => [headers['x-amz-target'], JSON.parse(body)])).toEqual([
        ['RedshiftServerless.GetWorkgroup', { workgroupName: 'sales' }],
        [
          'RedshiftServerless.GetCredentials',
          { workgroupName: 'sales', dbName: 'dev', durationSeconds: 900 },
        ],
      ])
    })
  })

  test.each<[FakeAnswer, string, RegExp]>([
    [
      refusedJson('ResourceNotFoundException', 'Workgroup not found', 400),
      'there is no workgroup sales in eu-west-1',
      /iam\.workgroup/,
    ],
    [
      refusedJson('AccessDeniedException', 'not authorized', 400),
      'AWS refused redshift-serverless:GetCredentials for the workgroup sales',
      /allow redshift-serverless:GetCredentials\.$/,
    ],
    [refusedJson('ThrottlingException', 'Rate exceeded', 400), 'AWS was asked too often', /Try again/],
    [
      refusedJson('ValidationException', 'dbName is wrong', 400),
      'no password from AWS: dbName is wrong',
      /^$/,
    ],
  ])('%j', async (refusal, message, hint) => {
    await usingFakeServer(
      () => refusal,
      async (endpoint) => {
        const open = configFromIam({ host: 'db.example' }, { ...workgroup, endpoint }, concealed())
        const error: unknown = await open().catch((reason: unknown) => reason)
        expect(error).toMatchObject({ code: 'connection', message: expect.stringContaining(message) })
        expect(String(Reflect.get(Object(error), 'hint') ?? '')).toMatch(hint)
      },
    )
  })
})

describe('before anything is asked', () => {
  test('no credentials', async () => {
    const open = configFromIam({ host: 'x' }, { ...cluster, keys: null, endpoint: null }, concealed())
    await expect(open()).rejects.toMatchObject({
      code: 'connection',
      message: 'no password from AWS: no credentials for AWS were found',
    })
  })

  test('no region', async () => {
    const open = configFromIam({ host: 'x' }, { ...workgroup, region: null, endpoint: null }, concealed())
    await expect(open()).rejects.toThrow('no region of AWS is set')
  })
})
