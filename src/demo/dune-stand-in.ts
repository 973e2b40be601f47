import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

/** A query at the stand-in, with the result of its latest execution. */
export interface StandInQuery {
  columns: readonly string[]
  rows: readonly Readonly<Record<string, unknown>>[]
  /** Default: `QUERY_STATE_COMPLETED`. */
  state?: string
  /** Of an execution that failed. */
  error?: string
  /** Default: now. */
  endedAt?: Date
}

export interface StandInOptions {
  queries: ReadonlyMap<number, StandInQuery>
  /** No page has more rows, whatever is asked for. */
  pageSize?: number
  /** Answers in place of the usual answer; null: it does not. */
  before?: (path: string, response: ServerResponse) => boolean
}

/** A local server in the place of api.dune.com. */
export interface DuneStandIn {
  url: string
  key: string
  /** Path and query of every request so far. */
  requests: readonly string[]
  stop: () => Promise<void>
}

const key = 'stand-in-key'
const largestPage = 32_000

/**
 * Answers as https://docs.dune.com says of "Get Latest Query Result" and "Get Execution Result", as far as duro asks.
 * Nothing but this machine can reach it.
 */
export async function startDuneStandIn(options: StandInOptions, port = 0): Promise<DuneStandIn> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(request.url ?? '')
    if (options.before?.(request.url ?? '', response) === true) return
    answer(request, response, options)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  // Nobody waits for it: a demo that ends at once ends it too.
  server.unref()
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the stand-in has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    key,
    requests,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify(body))
}

const route = /^\/api\/v1\/(?:query\/(\d+)|execution\/stand-in-(\d+)-\d+)\/results$/

function answer(request: IncomingMessage, response: ServerResponse, options: StandInOptions): void {
  if (request.headers['x-dune-api-key'] !== key) return send(response, 401, { error: 'invalid API Key' })
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stand-in')
  const [, asQuery, asExecution] = route.exec(pathname) ?? []
  const id = Number(asQuery ?? asExecution)
  const query = options.queries.get(id)
  if (query === undefined) return send(response, 404, { error: 'not found: Query not found or private' })
  const { state = 'QUERY_STATE_COMPLETED', error, endedAt = new Date() } = query
  const execution = {
    execution_id: `stand-in-${id}-1`,
    query_id: id,
    state,
    is_execution_finished: state !== 'QUERY_STATE_PENDING' && state !== 'QUERY_STATE_EXECUTING',
    execution_ended_at: endedAt.toISOString(),
  }
  if (state !== 'QUERY_STATE_COMPLETED') {
    return send(response, 200, {
      ...execution,
      ...(error === undefined ? {} : { error: { type: 'execution_error', message: error, metadata: {} } }),
    })
  }
  send(response, 200, { ...execution, ...pageOf(query, searchParams, options.pageSize ?? largestPage) })
}

function pageOf(query: StandInQuery, search: URLSearchParams, pageSize: number): Record<string, unknown> {
  const wanted = search.get('columns')?.split(',') ?? query.columns
  const offset = Number(search.get('offset') ?? 0)
  const limit = Math.min(Number(search.get('limit') ?? pageSize), pageSize)
  const rows = query.rows
    .slice(offset, offset + limit)
    .map((row) => Object.fromEntries(wanted.map((column) => [column, row[column] ?? null])))
  const next = offset + rows.length
  return {
    ...(next < query.rows.length ? { next_offset: next } : {}),
    result: {
      rows,
      metadata: { column_names: wanted, row_count: rows.length, total_row_count: query.rows.length },
    },
  }
}
