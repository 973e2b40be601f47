import { Kysely } from 'kysely'
import type { Engine } from '../engine/engine.ts'
import type { EngineName } from '../sql/engine-name.ts'
import { literalOf } from '../sql/literal-of.ts'
import { fitEncoding } from './fit-encoding.ts'
import { fitText } from './fit-text.ts'
import type { StateTables } from './schema.ts'

/** duro's own tables in the target database, addressed without their schema. */
export type StateDatabase = Kysely<StateTables>

/** As much of it as statements need that are sent as text. */
export type StateText = Pick<State, 'schema' | 'literal'>

export interface State {
  db: StateDatabase
  /** The schema that holds the tables. */
  schema: string
  engine: EngineName
  /** A text as a constant, for statements that are sent as text. */
  literal: (text: string) => string
  /** A text as its column can hold it. */
  fit: (text: string) => string
  close(): Promise<void>
}

export function openState(
  { name, encoding, stateDialect }: Pick<Engine, 'name' | 'encoding' | 'stateDialect'>,
  schema: string,
): State {
  const db = new Kysely<StateTables>({ dialect: stateDialect })
  // It connects while the run lock is asked for. Where it cannot, the first query tries again and says why.
  db.connection()
    .execute(() => Promise.resolve())
    .catch(() => undefined)
  return {
    db: db.withSchema(schema),
    schema,
    engine: name,
    literal: literalOf(name),
    fit: name === 'redshift' ? fitText : fitEncoding(encoding),
    close: () => db.destroy(),
  }
}
