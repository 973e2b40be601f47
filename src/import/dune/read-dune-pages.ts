import { setTimeout as sleep } from 'node:timers/promises'
import { DuroError } from '../../errors.ts'
import { askDune, type DuneApi } from './dune-api.ts'
import { duneResult, type DuneResult } from './dune-result.ts'

export interface DuneQuery {
  id: number
  /** Dune's names of the columns to get; null: all. */
  columns: readonly string[] | null
}

export interface DunePage {
  rows: readonly Readonly<Record<string, unknown>>[]
  /** As Dune names them. */
  columns: readonly string[]
  endedAt: Date | null
}

/** Rows of one answer. Dune may give fewer. */
const pageSize = 10_000
/** Milliseconds between two looks at a query that runs, and how often it is looked at. */
const lookEvery = 5000
const looks = 60

/**
 * The latest result of a query, page by page, of one execution: when a newer one ends meanwhile, it does not get mixed
 * in. A query that runs just now is waited for, for five minutes.
 */
export async function* readDunePages(api: DuneApi, query: DuneQuery): AsyncGenerator<DunePage> {
  let page = await readFirst(api, query)
  let rows = 0
  for (;;) {
    const result = page.result ?? fail(api, 'gave no rows')
    rows += result.rows.length
    const endedAt = page.execution_ended_at ? new Date(page.execution_ended_at) : null
    const names = result.metadata.column_names ?? Object.keys(result.rows[0] ?? {})
    yield { rows: result.rows, columns: query.columns ?? names, endedAt }
    const next = page.next_offset
    if (next === null || next === undefined) {
      const total = result.metadata.total_row_count
      if (typeof total === 'number' && total !== rows) fail(api, `gave ${rows} of ${total} rows`)
      return
    }
    if (next < rows) fail(api, `gave rows twice`)
    page = await readPage(api, `/api/v1/execution/${encodeURIComponent(page.execution_id)}`, query, next)
  }
}

async function readFirst(api: DuneApi, query: DuneQuery): Promise<DuneResult> {
  for (let look = 1; ; look++) {
    const page = await readPage(api, `/api/v1/query/${query.id}`, query, 0)
    if (page.state === 'QUERY_STATE_COMPLETED') return page
    const runs = page.state === 'QUERY_STATE_PENDING' || page.state === 'QUERY_STATE_EXECUTING'
    if (!runs) fail(api, describeState(page))
    if (look === looks) fail(api, 'is still running', 'Run it again when it has ended.')
    if (look === 1) api.notice('Dune runs the query just now, waiting for its result')
    await sleep(lookEvery, undefined, { signal: api.signal })
  }
}

async function readPage(
  api: DuneApi,
  path: string,
  { columns }: DuneQuery,
  offset: number,
): Promise<DuneResult> {
  const search = new URLSearchParams({ limit: String(pageSize), offset: String(offset) })
  if (columns !== null) search.set('columns', columns.map(quoteColumn).join(','))
  const parsed = duneResult.safeParse(await askDune(api, `${path}/results?${search.toString()}`))
  return parsed.success ? parsed.data : fail(api, 'gave an answer that is not a result')
}

/** Names with white space are quoted, says Dune's documentation. */
const quoteColumn = (name: string): string => (/^\w+$/.test(name) ? name : `"${name}"`)

/** `QUERY_STATE_FAILED` and what Dune says of it. */
function describeState({ state, error }: DuneResult): string {
  const word = state.replace(/^QUERY_STATE_/, '').toLowerCase()
  const said = error === null || error === undefined || error === '' ? '' : `: ${error}`
  return word === 'completed_partial'
    ? 'has a result that was cut off, since it is too large'
    : `has no result, its last execution has the state ${word}${said}`
}

function fail({ failed }: DuneApi, what: string, hint?: string): never {
  throw new DuroError('build', `${failed}: the query ${what}`, { hint })
}
