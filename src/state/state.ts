import { Kysely, type Dialect } from 'kysely'
import type { StateTables } from './schema.ts'

/** duro's own tables in the target database, addressed without their schema. */
export type StateDatabase = Kysely<StateTables>

export interface State {
  db: StateDatabase
  /** The schema that holds the tables. */
  schema: string
  close(): Promise<void>
}

export function openState(dialect: Dialect, schema: string): State {
  const db = new Kysely<StateTables>({ dialect })
  return { db: db.withSchema(schema), schema, close: () => db.destroy() }
}
