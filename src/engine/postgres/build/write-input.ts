import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { to } from 'pg-copy-streams'
import type { FeedToBuild, ViewToBuild } from '../../builder.ts'
import { terminate } from '../connection/as-login-role.ts'
import { interruptible } from '../connection/interruptible.ts'
import { explainFailure } from '../sql-error.ts'
import { copyOut, copyOutAsText } from './copy-out.ts'
import { beginReading, checkSources } from './snapshot.ts'
import type { BuildContext } from './work.ts'

type Input = NonNullable<FeedToBuild['input']>

/** Writes what the select of a processor gives at the run's moment, as CSV. An empty text is quoted, null is nothing. */
export async function writeInput(
  context: BuildContext,
  { view, feed }: ViewToBuild,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const input = feed?.input ?? null
  if (input === null) return
  let statement = copyOut(input.sql.text, asCsv)
  try {
    await context.workers.using(async (session) => {
      await session.query(beginReading(context.snapshot))
      try {
        statement = await copyOutAsText(session, input.sql.text, asCsv)
        const { text } = statement
        await interruptible(session, context.control, signal, () =>
          pipeline(session.client.query(to(text)), createWriteStream(path, { mode: 0o600 })),
        )
        if (context.snapshot !== null) await checkSources(context.control, context.snapshot)
        await session.query('commit')
      } catch (error) {
        // It may wait for us to take its rows, which nobody does any more: it can neither be cancelled nor asked.
        context.workers.discard(session)
        await terminate(context.control, session.pid).catch(() => undefined)
        throw error
      }
    })
  } catch (error) {
    throw explainFailure(error, {
      code: 'build',
      what: `${view.name} could not be built`,
      file: input.file,
      statement: { sql: input.sql, ...statement },
    })
  }
}

const asCsv = "format csv, header, encoding 'UTF8'"

export const exportStatement = ({ sql }: Input): string => copyOut(sql.text, asCsv).text
