import type { EngineName } from '../sql/engine-name.ts'
import { columnTypes } from './create-tables.ts'
import type { StateDatabase } from './state.ts'

/** What is to follow a swap outlives the run that is to do it. */
export async function addFollowUps(db: StateDatabase, engine: EngineName): Promise<void> {
  await db.schema
    .createTable('follow_ups')
    .ifNotExists()
    .addColumn('statement', columnTypes[engine].text, (column) => column.notNull())
    .execute()
}
