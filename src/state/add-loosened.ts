import type { EngineName } from '../sql/engine-name.ts'
import { columnTypes } from './create-tables.ts'
import type { StateDatabase } from './state.ts'

/** What a version lost when it went is kept where only duro writes: a comment on it is its owner's to change. */
export async function addLoosened(db: StateDatabase, engine: EngineName): Promise<void> {
  await db.schema.alterTable('relations').addColumn('loosened', columnTypes[engine].text).execute()
}
