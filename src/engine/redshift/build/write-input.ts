import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { FeedToBuild, ViewToBuild } from '../../builder.ts'
import { fetchBatches } from '../../fetch-rows.ts'
import { interruptible } from '../../interruptible.ts'
import { cancelling } from '../ask.ts'
import type { Session } from '../connection/session.ts'
import { explainFailure } from '../explain-failure.ts'
import { asPrinted } from '../../as-printed.ts'
import type { BuildContext } from './work.ts'

type Input = NonNullable<FeedToBuild['input']>

/** Rows of one round trip: a cluster of a single node gives no more. */
export const batch = 1000

/**
 * Writes what the select of a processor gives as CSV. An empty text is quoted, null is nothing. Redshift copies only to
 * S3, so the rows come through a cursor.
 */
export async function writeInput(
  context: BuildContext,
  { view, feed }: ViewToBuild,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const input = feed?.input ?? null
  if (input === null) return
  const text = inputStatement(input)
  await context.workers.using(async (session) => {
    try {
      await interruptible(cancelling(session, context.control), signal, async () => {
        await session.query('begin')
        await session.query(text)
        await pipeline(Readable.from(csvLines(session)), createWriteStream(path, { mode: 0o600 }))
      })
    } catch (error) {
      throw explainFailure(error, {
        code: 'build',
        what: `${view.name} could not be built`,
        file: input.file,
        statement: { sql: input.sql, text, selectStart: head.length },
      })
    } finally {
      await session.query('rollback').catch(() => undefined)
    }
  })
}

const cursor = 'feed_input'
const head = `declare ${cursor} cursor for\n`

const inputStatement = ({ sql }: Input): string => head + sql.text

/** What is sent, as often as there are more rows. */
export const describeInput = (input: Input): string[] => [
  'begin',
  inputStatement(input),
  `fetch forward ${batch} from ${cursor}`,
  'rollback',
]

async function* csvLines(session: Session): AsyncGenerator<string> {
  let names: readonly string[] | null = null
  for await (const { fields, rows } of fetchBatches(session.client, cursor, batch, asPrinted)) {
    if (names === null) yield csvLine((names = fields.map(({ name }) => name)))
    for (const values of rows) yield csvLine(values)
  }
}

const csvLine = (values: readonly unknown[]): string => `${values.map(csvValue).join(',')}\n`

/** Null, or what the server printed. */
function csvValue(value: unknown): string {
  if (typeof value !== 'string') return ''
  return value === '' || /[",\r\n]/.test(value) || value === '\\.'
    ? `"${value.replaceAll('"', '""')}"`
    : value
}
