import { createServer, type Server, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { Pool, type ClientConfig } from 'pg'
import { expect, test } from 'vitest'
import { explainConnectionError } from '../../../src/engine/redshift/connection/connection-error.ts'
import { GuardedClient } from '../../../src/engine/guarded-client.ts'
import { useDatabase } from '../../support/database.ts'
import { describeIf } from '../../support/pg-version.ts'
import { hasOpenssl, makeCertificate } from '../../support/redshift/make-certificate.ts'

type Talk = (socket: Socket) => void

/** What a client says of a server that talks like this. */
async function failureOf(talk: Talk, config: ClientConfig = {}): Promise<unknown> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    talk(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = new GuardedClient({
    host: '127.0.0.1',
    port: portOf(server),
    user: 'joan',
    database: 'dev',
    password: 'secret',
    connectionTimeoutMillis: 1000,
    ...config,
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return null
  } catch (error) {
    return explainConnectionError(error, 'sales:5439/dev')
  } finally {
    await client.end().catch(() => undefined)
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** `R`: which way to log in is asked for. */
function authentication(type: number): Buffer {
  const message = Buffer.alloc(13)
  message.write('R')
  message.writeInt32BE(12, 1)
  message.writeInt32BE(type, 5)
  return message
}

/** `E`: severity, code and text. */
function refusal(code: string, text: string): Buffer {
  const fields = Buffer.from(`SFATAL\0C${code}\0M${text}\0\0`)
  const head = Buffer.alloc(5)
  head.write('E')
  head.writeInt32BE(fields.length + 4, 1)
  return Buffer.concat([head, fields])
}

const once =
  (answer: Buffer | string): Talk =>
  (socket) =>
    void socket.once('data', () => void socket.write(answer))

test('a password that is stored as sha256', async () => {
  expect(await failureOf(once(authentication(13)))).toMatchObject({
    code: 'connection',
    message: "the user's password at sales:5439/dev is stored as sha256, which cannot be used here",
  })
})

test('a wrong password, as Redshift says it', async () => {
  const said = refusal('28000', 'password authentication failed for user "joan"')
  expect(await failureOf(once(said))).toMatchObject({ message: 'sales:5439/dev refused the password' })
})

test('a server that wants encrypted connections', async () => {
  const said = refusal('28000', 'no pg_hba.conf entry for host "x", user "joan", database "dev", SSL off')
  expect(await failureOf(once(said))).toMatchObject({
    message: 'sales:5439/dev takes only encrypted connections',
  })
})

test('a server that takes no encrypted connections', async () => {
  expect(await failureOf(once('N'), { ssl: true })).toMatchObject({
    message: 'sales:5439/dev does not encrypt connections',
  })
})

test('a server of another kind', async () => {
  expect(await failureOf(once('HTTP/1.1 400 Bad Request\r\n\r\n'), { ssl: true })).toMatchObject({
    message: 'no encrypted connection to sales:5439/dev could be made',
  })
})

test('a server that says nothing', async () => {
  expect(await failureOf(() => undefined, { connectionTimeoutMillis: 200 })).toMatchObject({
    message: 'sales:5439/dev did not answer in time',
  })
})

test('a server that closes the connection', async () => {
  expect(await failureOf((socket) => void socket.end())).toMatchObject({
    message: 'sales:5439/dev closed the connection',
  })
})

describeIf(hasOpenssl(), 'needs openssl', 'a certificate', () => {
  test('that nobody known has signed, or that is of another host', async () => {
    const { key, cert } = await makeCertificate('DNS:other.example')
    const encrypted =
      (then: Talk): Talk =>
      (socket) =>
        void socket.once('data', () => {
          socket.write('S')
          then(new TLSSocket(socket, { isServer: true, key, cert }).on('error', () => undefined))
        })
    expect(
      await failureOf(
        encrypted(() => undefined),
        { ssl: true },
      ),
    ).toMatchObject({
      message: 'the certificate of sales:5439/dev is signed by somebody unknown',
    })
    expect(
      await failureOf(
        encrypted(() => undefined),
        { ssl: { ca: cert } },
      ),
    ).toMatchObject({
      message: 'the certificate of sales:5439/dev is that of another host',
    })
    const sha256 = encrypted(once(authentication(13)))
    expect(await failureOf(sha256, { ssl: { rejectUnauthorized: false } })).toMatchObject({
      message: expect.stringContaining('is stored as sha256'),
    })
  })
})

const database = useDatabase()

test('a client of this kind works as any other does, in a pool too', async () => {
  const pool = new Pool({ connectionString: database.url, Client: GuardedClient, max: 1 })
  const { rows } = await pool.query<{ length: number }>("select length(repeat('x', 1000000)) as length")
  expect(rows).toEqual([{ length: 1_000_000 }])
  const client = await pool.connect()
  expect(client).toBeInstanceOf(GuardedClient)
  client.release()
  await pool.end()
})
