import { Query, type QueryArrayConfig } from 'pg'
import type { Question, Row } from '../engine.ts'
import { rowsOf } from '../fetch-rows.ts'
import { cancel, interruptible } from './connection/interruptible.ts'
import type { Session } from './connection/session.ts'
import { explainFailure } from './sql-error.ts'

/** Runs a user's select, and keeps none of its rows. The transaction can only read, whatever the select calls. */
export async function ask(
  session: Session,
  control: Session,
  question: Question,
  onRow: (row: Row) => 'go on' | 'stop',
  signal: AbortSignal,
): Promise<void> {
  const { text } = question.sql
  try {
    await interruptible(session, control, signal, async () => {
      await session.query('begin isolation level repeatable read read only')
      await streamRows(session, control, text, onRow)
    })
  } catch (error) {
    throw explainFailure(error, {
      code: 'test',
      what: question.label,
      file: question.file,
      place: question.place,
      statement: { sql: question.sql, text, selectStart: 0 },
    })
  } finally {
    await session.query('rollback').catch(() => undefined)
  }
}

/** Not through a cursor: the server makes no parallel plan for one. Who has seen enough has the statement cancelled. */
async function streamRows(
  session: Session,
  control: Session,
  text: string,
  onRow: (row: Row) => 'go on' | 'stop',
): Promise<void> {
  /** At most one. */
  const cancellations: Promise<unknown>[] = []
  try {
    await new Promise<void>((resolve, reject) => {
      const query = new Query<unknown[]>(arrays(text))
      let toRow: ReturnType<typeof rowsOf> | null = null
      query.on('row', (values, result) => {
        if (cancellations.length > 0) return
        toRow ??= rowsOf(result?.fields ?? [])
        if (onRow(toRow(values)) === 'stop')
          cancellations.push(cancel(session, control).catch(() => undefined))
      })
      query.on('end', () => resolve())
      query.on('error', reject)
      session.client.query(query)
    })
  } catch (error) {
    if (cancellations.length === 0) throw error
  }
  // Until it has arrived it could hit the next statement of the session.
  await Promise.all(cancellations)
}

const arrays = (text: string): QueryArrayConfig => ({ text, rowMode: 'array' })
