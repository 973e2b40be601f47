import type { EngineName } from '../sql/engine-name.ts'
import { columnTypes } from './create-tables.ts'
import type { StateDatabase } from './state.ts'

/** Totals say what they were computed by; those from before say nothing, and are counted again. */
export async function addAggregates(db: StateDatabase, engine: EngineName): Promise<void> {
  const { text } = columnTypes[engine]
  await db.schema
    .alterTable('totals')
    .addColumn('aggregate', text, (column) => column.notNull().defaultTo(''))
    .execute()
}
