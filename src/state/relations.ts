import type { Registration } from '../engine/builder.ts'
import type { SwappedIds } from '../engine/engine.ts'
import { quoteIdentifier } from '../sql/identifiers.ts'
import type { RelationsTable } from './schema.ts'
import type { State, StateText } from './state.ts'

export type RegisteredRelation = RelationsTable

/** Everything that duro has made and that is not live. */
export async function listRelations({ db }: State): Promise<RegisteredRelation[]> {
  return db.selectFrom('relations').selectAll().orderBy('id').execute()
}

export async function forgetRelations({ db }: State, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return
  await db.deleteFrom('relations').where('id', 'in', ids).execute()
}

/** As text, for the transaction that makes or moves the relation: the registry is never behind. */
export function registerStatement({ schema, literal }: StateText, relation: Registration): string {
  const values = [relation.place, relation.schema, relation.name, relation.view, relation.runId].map(literal)
  return (
    `insert into ${quoteIdentifier(schema)}.relations (id, place, schema_name, relation_name, view, run_id) ` +
    `values (${relation.id}, ${values.join(', ')})`
  )
}

function unregisterStatements({ schema }: StateText, ids: readonly number[]): string[] {
  if (ids.length === 0) return []
  return [`delete from ${quoteIdentifier(schema)}.relations where id in (${ids.join(', ')})`]
}

/**
 * After a swap: what became live is no leftover any more, and what no longer is live is one.
 * @param place what the relations that were live are from now on
 * @param madeBy the run that made such a relation; empty when duro did not
 */
export function movedStatements(
  state: StateText,
  swapped: readonly SwappedIds[],
  place: Registration['place'],
  madeBy: (view: string, id: number) => string,
): string[] {
  const comingIds = swapped.flatMap(({ comingId }) => (comingId === null ? [] : [comingId]))
  const kept = swapped.flatMap(({ view, goingId, keptAt, loosened }) => {
    if (goingId === null) return []
    const relation = { ...keptAt, id: String(goingId), place, view, runId: madeBy(view, goingId) }
    return [registerStatement(state, relation), ...noteLoosenedStatements(state, goingId, loosened)]
  })
  return [...unregisterStatements(state, comingIds), ...kept]
}

function noteLoosenedStatements(
  { schema, literal }: StateText,
  id: number,
  loosened: readonly string[],
): string[] {
  if (loosened.length === 0) return []
  return [
    `update ${quoteIdentifier(schema)}.relations set loosened = ${literal(JSON.stringify(loosened))} where id = ${id}`,
  ]
}

/** Statements that make again what was taken from it when it went. */
export function loosenedFrom(relation: RegisteredRelation | undefined): string[] {
  const noted: unknown = JSON.parse(relation?.loosened ?? '[]')
  return Array.isArray(noted) ? noted.map(String) : []
}
