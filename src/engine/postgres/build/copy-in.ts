import { pipeline } from 'node:stream/promises'
import type { Readable } from 'node:stream'
import { from } from 'pg-copy-streams'
import type { Session } from '../connection/session.ts'

/**
 * Reads rows into a table as they were written, whatever is set for the role or the database: a null within an array
 * stays one, and XML need not be a whole document. Only for the copy: a view's own SQL means what it means in psql.
 * @param rows opens the stream, which has somebody to tell of its errors from then on
 */
export async function copyIn(
  session: Session,
  statement: string,
  rows: () => Readable,
  options: { signal?: AbortSignal } = {},
): Promise<void> {
  await session.query("set local array_nulls = on; set local xmloption = 'content'")
  await pipeline(rows(), session.client.query(from(statement)), options)
  await session.query('set local array_nulls to default; set local xmloption to default')
}
