import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

/** A server that speaks as much of S3's protocol as loads need: objects are put, read, listed and removed. */
export interface ObjectServer {
  endpoint: string
  /** By `bucket/key`. Tests may put objects here themselves. */
  readonly objects: Map<string, Buffer>
  close(): Promise<void>
}

export async function startObjectServer(): Promise<ObjectServer> {
  const objects = new Map<string, Buffer>()
  const uploads = new Map<string, Map<number, Buffer>>()
  const server = createServer((request, response) => {
    answer(request, response, objects, uploads).catch((error: unknown) => {
      response.writeHead(500).end(String(error))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the object server has no port')
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    objects,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  objects: Map<string, Buffer>,
  uploads: Map<string, Map<number, Buffer>>,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const name = decodeURIComponent(url.pathname.slice(1))
  const body = await readBody(request)
  const upload = url.searchParams.get('uploadId')
  const xml = (text: string): void => {
    response.writeHead(200, { 'content-type': 'application/xml' }).end(`<?xml version="1.0"?>${text}`)
  }
  if (request.method === 'GET' && !name.replace(/\/$/, '').includes('/')) {
    xml(listing(name.replace(/\/$/, ''), url.searchParams.get('prefix') ?? '', objects))
  } else if (request.method === 'GET' || request.method === 'HEAD') {
    const object = objects.get(name)
    if (object === undefined) {
      response.writeHead(404, { 'content-type': 'application/xml' })
      response.end(
        '<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>',
      )
    } else
      response.writeHead(200, { 'content-length': object.length }).end(request.method === 'GET' ? object : '')
  } else if (request.method === 'PUT' && upload !== null) {
    uploads.get(upload)?.set(Number(url.searchParams.get('partNumber')), body)
    response.writeHead(200, { etag: '"part"' }).end()
  } else if (request.method === 'PUT') {
    objects.set(name, body)
    response.writeHead(200, { etag: '"object"' }).end()
  } else if (request.method === 'POST' && url.searchParams.has('uploads')) {
    const id = String(uploads.size + 1)
    uploads.set(id, new Map())
    xml(`<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`)
  } else if (request.method === 'POST' && upload !== null) {
    const parts = [...(uploads.get(upload) ?? [])].toSorted(([a], [b]) => a - b)
    objects.set(name, Buffer.concat(parts.map(([, part]) => part)))
    xml('<CompleteMultipartUploadResult><ETag>"object"</ETag></CompleteMultipartUploadResult>')
  } else if (request.method === 'POST' && url.searchParams.has('delete')) {
    const bucket = name.replace(/\/$/, '')
    for (const [, key = ''] of body.toString('utf8').matchAll(/<Key>([^<]*)<\/Key>/g))
      objects.delete(`${bucket}/${key}`)
    xml('<DeleteResult/>')
  } else if (request.method === 'DELETE') {
    if (upload === null) objects.delete(name)
    else uploads.delete(upload)
    response.writeHead(204).end()
  } else response.writeHead(501).end()
}

function listing(bucket: string, prefix: string, objects: ReadonlyMap<string, Buffer>): string {
  const keys = [...objects.keys()]
    .filter((name) => name.startsWith(`${bucket}/${prefix}`))
    .map((name) => name.slice(bucket.length + 1))
    .toSorted()
  const contents = keys.map((key) => `<Contents><Key>${escapeXml(key)}</Key></Contents>`).join('')
  return `<ListBucketResult><IsTruncated>false</IsTruncated>${contents}</ListBucketResult>`
}

function escapeXml(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** The body, also where the client sends it in signed chunks. */
async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk)
  const body = Buffer.concat(chunks)
  return request.headers['x-amz-decoded-content-length'] === undefined ? body : joinChunks(body)
}

function joinChunks(body: Buffer): Buffer {
  const parts: Buffer[] = []
  let at = 0
  for (;;) {
    const end = body.indexOf('\r\n', at)
    const size = Number.parseInt(body.toString('latin1', at, end), 16)
    if (!(size > 0)) return Buffer.concat(parts)
    parts.push(body.subarray(end + 2, end + 2 + size))
    at = end + 2 + size + 2
  }
}
