import { SqlError } from '../../../errors.ts'
import type { ViewToBuild } from '../../builder.ts'
import { readMade } from '../build/create-new.ts'
import { makeDeclaredIndexes } from '../build/read-declared-indexes.ts'
import type { Session } from '../connection/session.ts'
import { attempt } from './attempt.ts'

/**
 * Makes the indexes that the settings declare, on the new relation without rows.
 * @returns what is wrong with the first that cannot be made; null: nothing with any
 */
export async function tryIndexes(
  session: Session,
  input: ViewToBuild,
  relation: string,
): Promise<SqlError | null> {
  const { indexes, materialized } = input.view.settings
  if (materialized === 'none' || indexes.length === 0) return null
  const made = await readMade(session, relation)
  const error = await attempt(session, () => makeDeclaredIndexes(session, input, relation, made))
  if (error === null || error instanceof SqlError) return error
  throw error
}
