import type { Question, Row } from '../engine.ts'
import { fetchRows } from '../fetch-rows.ts'
import { interruptible } from './connection/interruptible.ts'
import type { Session } from './connection/session.ts'
import { explainFailure } from './sql-error.ts'

/**
 * Runs a user's select through a cursor, so that neither a row too many is computed nor kept. The transaction can
 * only read, whatever the select calls.
 */
export async function ask(
  session: Session,
  control: Session,
  question: Question,
  onRow: (row: Row) => 'go on' | 'stop',
  signal: AbortSignal,
): Promise<void> {
  const head = 'declare question no scroll cursor for\n'
  const text = head + question.sql.text
  try {
    await interruptible(session, control, signal, async () => {
      await session.query('begin isolation level repeatable read read only')
      await session.query(text)
      await fetchRows(session.client, 'question', onRow)
    })
  } catch (error) {
    throw explainFailure(error, {
      code: 'test',
      what: question.label,
      file: question.file,
      statement: { sql: question.sql, text, selectStart: head.length },
    })
  } finally {
    await session.query('rollback').catch(() => undefined)
  }
}
