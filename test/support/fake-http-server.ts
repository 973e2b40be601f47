import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'

export interface FakeAnswer {
  status?: number
  headers?: Record<string, string>
  body?: string
}

export interface FakeRequest {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: string
}

/** Answers requests on loopback while the callback runs. */
export async function usingFakeServer<T>(
  answer: (request: FakeRequest) => FakeAnswer,
  callback: (endpoint: string, requests: readonly FakeRequest[]) => Promise<T>,
): Promise<T> {
  const requests: FakeRequest[] = []
  const respond = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url: path = '', headers } = incoming
    const request = { method, path, headers, body: await text(incoming) }
    requests.push(request)
    const { status = 200, headers: answered = {}, body = '' } = answer(request)
    response.writeHead(status, answered).end(body)
  }
  const server = createServer((incoming, response) => void respond(incoming, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  try {
    return await callback(`http://127.0.0.1:${port}`, requests)
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}
