import type { Question, Row } from '../engine.ts'
import { interruptible } from './connection/interruptible.ts'
import type { Session } from './connection/session.ts'
import { explainFailure } from './sql-error.ts'

/** Rows of one round trip. */
const batch = 200

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
      for (;;) {
        const { fields, rows } = await session.client.query<unknown[]>({
          text: `fetch ${batch} from question`,
          rowMode: 'array',
        })
        const names = distinctNames(fields.map((field) => field.name))
        for (const values of rows) if (onRow(toRow(names, values)) === 'stop') return
        if (rows.length < batch) return
      }
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

/** The server allows columns of the same name, as in `select 1 = 1, 2 = 1`; none of them may hide another. */
function distinctNames(names: readonly string[]): string[] {
  return names.map((name, index) => {
    const before = names.slice(0, index).filter((other) => other === name).length
    return before === 0 ? name : `${name} (${before + 1})`
  })
}

const toRow = (names: readonly string[], values: readonly unknown[]): Row =>
  Object.fromEntries(names.map((name, index) => [name, values[index]]))
