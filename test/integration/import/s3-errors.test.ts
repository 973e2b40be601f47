import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { removeLeftovers } from '../../../src/import/s3/remove-leftovers.ts'
import { usingUpload } from '../../../src/import/s3/using-upload.ts'
import type { S3Settings } from '../../../src/project/aws-settings.ts'
import { usingFakeServer, type FakeAnswer, type FakeRequest } from '../../support/fake-http-server.ts'
import { makeTemporaryFolder } from '../../support/temporary-folder.ts'

const settings: S3Settings = {
  bucket: 'loads',
  prefix: 'duro/',
  region: 'eu-west-1',
  keys: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret', sessionToken: null },
  endpoint: null,
  iamRole: null,
  pathStyle: true,
}

let folder: string
let path: string
beforeAll(async () => {
  folder = await makeTemporaryFolder('s3-errors')
  path = join(folder, 'rows.csv')
  await writeFile(path, 'a,b\n1,2\n')
})
beforeEach(() => {
  // Nothing of whoever runs the tests, and no questions to the network.
  for (const name of [
    'AWS_ACCESS_KEY_ID',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_SESSION_TOKEN',
    'AWS_PROFILE',
    'AWS_REGION',
  ])
    vi.stubEnv(name, undefined)
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'none'))
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'none'))
  vi.stubEnv('AWS_MAX_ATTEMPTS', '1')
  return () => vi.unstubAllEnvs()
})

const refusal = (Code: string, Message: string, status: number, headers = {}): FakeAnswer => ({
  status,
  headers: { 'content-type': 'application/xml', ...headers },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${Code}</Code><Message>${Message}</Message></Error>`,
})

async function upload(
  changes: Partial<S3Settings>,
  callback = async () => 'loaded',
  warn: (message: string) => void = () => undefined,
) {
  const context = { runId: '20261120-100003-4f2a', view: 'first.cities', conceal: () => undefined, warn }
  const rows = { path, columns: ['a', 'b'] }
  return usingUpload({ ...settings, ...changes }, rows, context, new AbortController().signal, callback)
}

test.each<[FakeAnswer, string, RegExp]>([
  [
    refusal('NoSuchBucket', 'The specified bucket does not exist', 404),
    'there is no bucket loads',
    /s3\.bucket/,
  ],
  [refusal('AccessDenied', 'Access Denied', 403), 'S3 refused access to s3://loads/duro/', /s3:PutObject/],
  [{ status: 403 }, 'S3 refused access to s3://loads/duro/', /s3:PutObject/],
  [
    refusal('PermanentRedirect', 'must be addressed using the specified endpoint', 301, {
      'x-amz-bucket-region': 'us-west-2',
    }),
    'the bucket loads is not in the region eu-west-1',
    /to us-west-2\./,
  ],
  [
    refusal(
      'AuthorizationHeaderMalformed',
      "The authorization header is malformed; the region 'eu-west-1' is wrong; expecting 'eu-central-1'",
      400,
    ),
    'the bucket loads is not in the region eu-west-1',
    /to eu-central-1\./,
  ],
  [
    refusal('ExpiredToken', 'The provided token has expired.', 400),
    'the credentials for AWS have expired',
    /session token/,
  ],
  [
    refusal('InvalidAccessKeyId', 'The AWS Access Key Id', 403),
    'AWS does not know the access key',
    /access_key_id/,
  ],
  [refusal('SignatureDoesNotMatch', 'x', 403), 'the secret access key does not belong', /secret_access_key/],
  [refusal('SlowDown', 'Please reduce your request rate.', 503), 'AWS was asked too often', /Try again/],
  [
    refusal('EntityTooLarge', 'Your proposed upload is too large', 400),
    'Your proposed upload is too large',
    /^$/,
  ],
])('%j', async (answer, message, hint) => {
  await usingFakeServer(
    () => answer,
    async (endpoint) => {
      const error = await upload({ endpoint }).catch((reason: unknown) => reason)
      expect(error).toMatchObject({
        name: 'DuroError',
        code: 'build',
        message: expect.stringContaining(`first.cities could not be built: ${message}`),
      })
      expect(String(Reflect.get(Object(error), 'hint') ?? '')).toMatch(hint)
      const removal = removeLeftovers({ ...settings, endpoint }, { runIds: ['x'] }, () => undefined)
      await expect(removal).rejects.toThrow(`uploads could not be removed: ${message}`)
    },
  )
})

describe('before anything is sent', () => {
  test('no credentials', async () => {
    await expect(upload({ keys: null })).rejects.toMatchObject({
      message: 'first.cities could not be built: no credentials for AWS were found',
      hint: expect.stringContaining('AWS_PROFILE'),
    })
  })

  test('no region', async () => {
    await expect(upload({ region: null })).rejects.toMatchObject({
      message: 'first.cities could not be built: no region of AWS is set',
      hint: 'Set `region` in duro.yaml, or AWS_REGION.',
    })
  })

  test('nobody there', async () => {
    const endpoint = await usingFakeServer(
      () => ({}),
      async (address) => address,
    )
    await expect(upload({ endpoint })).rejects.toThrow('nothing listens at the address of AWS')
  })
})

test('keys come from the environment where none are set, and Redshift gets them', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAENV')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secretenv')
  vi.stubEnv('AWS_SESSION_TOKEN', 'tokenenv')
  const concealed: string[] = []
  const context = {
    runId: '20261120-100003-4f2a',
    view: 'first.cities',
    conceal: (secret: string) => void concealed.push(secret),
    warn: () => undefined,
  }
  await usingFakeServer(answerAll, async (endpoint, requests) => {
    const rows = { path, columns: ['a', 'b'] }
    const from = { ...settings, endpoint, keys: null }
    await usingUpload(from, rows, context, new AbortController().signal, async ({ access }) => {
      expect(access).toEqual({
        kind: 'keys',
        accessKeyId: 'AKIAENV',
        secretAccessKey: 'secretenv',
        sessionToken: 'tokenenv',
      })
    })
    expect(requests[0]?.headers.authorization).toContain('Credential=AKIAENV/')
  })
  expect(concealed).toEqual(['AKIAENV', 'secretenv', 'tokenenv'])
})

describe('what cannot be removed', () => {
  const denied = refusal('AccessDenied', 'Access Denied', 403)
  const refuseRemoval = (request: FakeRequest): FakeAnswer =>
    request.path.includes('?delete') ? denied : answerAll(request)

  test('is told, and takes nothing from what was done', async () => {
    const warnings: string[] = []
    await usingFakeServer(refuseRemoval, async (endpoint) => {
      const done = upload(
        { endpoint },
        async () => 'loaded',
        (message) => void warnings.push(message),
      )
      await expect(done).resolves.toBe('loaded')
    })
    expect(warnings).toEqual([
      expect.stringMatching(
        /^first\.cities: what was uploaded to s3:\/\/loads\/duro\/20261120-100003-4f2a\/first\.cities\/ could not be removed: S3 refused access to s3:\/\/loads\/duro\/\. The identity needs/,
      ),
    ])
  })

  test('does not hide why the callback failed', async () => {
    const failure = new Error('the table is full')
    await usingFakeServer(refuseRemoval, async (endpoint) => {
      await expect(upload({ endpoint }, () => Promise.reject(failure))).rejects.toBe(failure)
    })
  })

  test('one by one is told too', async () => {
    const warnings: string[] = []
    const body =
      '<DeleteResult><Error><Key>x</Key><Code>AccessDenied</Code><Message>no</Message></Error></DeleteResult>'
    await usingFakeServer(
      (request) => (request.path.includes('?delete') ? { body } : answerAll(request)),
      async (endpoint) => {
        await upload(
          { endpoint },
          async () => 'loaded',
          (message) => void warnings.push(message),
        )
      },
    )
    expect(warnings).toEqual([expect.stringContaining('S3 refused access')])
  })
})

function answerAll({ path: asked }: FakeRequest): FakeAnswer {
  return asked.includes('?delete') ? { body: '<DeleteResult/>' } : { headers: { etag: '"x"' } }
}
