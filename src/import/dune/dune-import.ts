import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import * as z from 'zod'
import { DuroError } from '../../errors.ts'
import { formatDuration } from '../../project/duration.ts'
import * as leaf from '../../project/settings/leaves.ts'
import { csvLine } from '../csv.ts'
import type { Import, ImportContext } from '../import.ts'
import type { DuneApi } from './dune-api.ts'
import { readDunePages, type DunePage } from './read-dune-pages.ts'

const KEY = 'DUNE_API_KEY'
/** For stand-ins, such as the one of the demo. */
const URL_NAME = 'DUNE_API_URL'
const HOME = 'https://api.dune.com'

/**
 * `import: { dune: { query_id: 123 } }`: the latest result of a query at dune.com. `columns` names those of the table
 * and Dune's names for them, or just the columns.
 */
export const duneImport = leaf
  .keys({
    query_id: leaf.wholeNumber,
    columns: z.preprocess(asNames, z.record(z.string(), leaf.text)).nullish(),
    max_age: leaf.positiveDuration.nullish(),
    allow_empty: leaf.flag.nullish(),
  })
  .transform((settings): Import => ({
    kind: 'dune',
    definition: JSON.stringify({ query_id: settings.query_id, columns: settings.columns ?? null }),
    description: `GET ${HOME}/api/v1/query/${settings.query_id}/results`,
    words: [],
    secrets: [KEY],
    write: (context) =>
      writeResult(context, {
        queryId: settings.query_id,
        columns: settings.columns ?? null,
        maxAge: settings.max_age ?? null,
        allowEmpty: settings.allow_empty ?? false,
      }),
  }))

interface DuneSettings {
  queryId: number
  /** Names in the table to Dune's. */
  columns: Readonly<Record<string, string>> | null
  maxAge: number | null
  allowEmpty: boolean
}

/** `[address, amount]` is `{ address: address, amount: amount }`. */
function asNames(columns: unknown): unknown {
  if (!Array.isArray(columns)) return columns
  return Object.fromEntries(columns.map((column: unknown) => [leaf.text.safeParse(column).data, column]))
}

async function writeResult(context: ImportContext, settings: DuneSettings): Promise<void> {
  const query = {
    id: settings.queryId,
    columns: settings.columns === null ? null : Object.values(settings.columns),
  }
  const pages = readDunePages(openDune(context), query)
  await pipeline(Readable.from(linesOf(pages, settings, context)), createWriteStream(context.output), {
    signal: context.signal,
  })
}

/** A page at a time is in memory. */
async function* linesOf(
  pages: AsyncIterable<DunePage>,
  settings: DuneSettings,
  context: ImportContext,
): AsyncGenerator<string> {
  let rows = 0
  let isFirst = true
  for await (const page of pages) {
    if (isFirst) {
      checkAge(page, settings, context)
      yield csvLine(settings.columns === null ? page.columns : Object.keys(settings.columns))
    }
    isFirst = false
    rows += page.rows.length
    yield page.rows.map((row) => csvLine(page.columns.map((column) => row[column]))).join('')
  }
  if (rows === 0 && !settings.allowEmpty) {
    throw new DuroError('build', `${context.failed}: the result of the query is empty`, {
      hint: 'Where that may be, set allow_empty: true for this import.',
    })
  }
}

function checkAge({ endedAt }: DunePage, { maxAge, queryId }: DuneSettings, { failed }: ImportContext): void {
  if (maxAge === null) return
  const age = endedAt === null ? null : Date.now() - endedAt.getTime()
  if (age !== null && age <= maxAge) return
  const said =
    endedAt === null
      ? 'Dune does not say when the query ran'
      : `the query last ran at ${endedAt.toISOString()}`
  throw new DuroError('build', `${failed}: ${said}, and max_age is ${formatDuration(maxAge)}`, {
    hint: `Schedule the query at Dune, or run it there: https://dune.com/queries/${queryId}`,
  })
}

function openDune({ failed, variables, notice, signal }: ImportContext): DuneApi {
  const key = variables(KEY)
  if (key === undefined) {
    throw new DuroError('build', `${failed}: ${KEY} is not set`, {
      hint: 'Set it in the environment or in .env. Keys are made at dune.com, under Settings, API.',
    })
  }
  const baseUrl = variables(URL_NAME) ?? HOME
  if (!isSafe(baseUrl)) {
    throw new DuroError('build', `${failed}: ${URL_NAME} is not an https:// URL`, {
      hint: 'The key would be readable on its way.',
    })
  }
  return { baseUrl: baseUrl.replace(/\/+$/, ''), key, failed, notice, signal }
}

/** Encrypted, or never leaving this machine. */
function isSafe(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname } = new URL(url)
  return (
    protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname))
  )
}
