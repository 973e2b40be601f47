import type { Question, Row } from '../engine.ts'
import { fetchRows } from '../fetch-rows.ts'
import { interruptible } from '../interruptible.ts'
import type { Session } from './connection/session.ts'
import { explainFailure } from './explain-failure.ts'

/** Runs a user's select through a cursor, so that not every row has to be kept. The transaction can only read. */
export async function ask(
  session: Session,
  control: Session,
  question: Question,
  onRow: (row: Row) => 'go on' | 'stop',
  signal: AbortSignal,
): Promise<void> {
  const head = 'declare question cursor for\n'
  const text = head + question.sql.text
  try {
    await interruptible(cancelling(session, control), signal, async () => {
      await session.query('begin read only')
      await session.query(text)
      await fetchRows(session.client, 'question', onRow)
    })
  } catch (error) {
    throw explainFailure(error, {
      code: 'test',
      what: question.label,
      file: question.file,
      place: question.place,
      statement: { sql: question.sql, text, selectStart: head.length },
    })
  } finally {
    await session.query('rollback').catch(() => undefined)
  }
}

/** @param control an idle session */
export const cancelling =
  (session: Session, control: Session): (() => Promise<unknown>) =>
  () =>
    control.query(`select pg_cancel_backend(${session.pid})`)
