import { quoteIdentifier } from '../sql/identifiers.ts'
import type { ViewsTable } from './schema.ts'
import type { State, StateText } from './state.ts'

export type Publication = ViewsTable

/** What is live now, by the name of the view. */
export async function readPublications({ db }: State): Promise<ReadonlyMap<string, Publication>> {
  const rows = await db.selectFrom('views').selectAll().execute()
  return new Map(rows.map((row) => [row.name, row]))
}

export async function forgetPublication({ db }: State, view: string): Promise<void> {
  await db.deleteFrom('views').where('name', '=', view).execute()
}

/**
 * Makes the versions that a run built the published ones. The statements are sent within the transaction
 * that swaps, as text, so that they hold exactly when the swap does; what they need was written before.
 */
export function publishStatements(
  { schema, literal, engine }: StateText & Pick<State, 'engine'>,
  runId: string,
  views: readonly string[],
): string[] {
  // A REFRESH CONCURRENTLY writes into the same file, and touches the relation's row of the catalog, as the swap does.
  const storage =
    engine === 'postgres'
      ? `storage || '/' || (select c.xmin::text from pg_class c where c.oid = new_relation)`
      : 'storage'
  const table = (name: string): string => `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`
  const names = views.map((view) => literal(view)).join(', ')
  const run = literal(runId)
  return [
    `delete from ${table('views')} where name in (${names})`,
    `insert into ${table('views')}
       (name, run_id, materialized, built_at, relation, storage, definition_sql, definition_settings, declared, forced)
     select view, run_id, materialized, build_began_at, new_relation, ${storage},
            definition_sql, definition_settings, declared, false
     from ${table('view_runs')} where run_id = ${run} and view in (${names})`,
    `update ${table('view_runs')} set outcome = 'published' where run_id = ${run} and view in (${names})`,
  ]
}

/** For the way back: which relation each view replaced; none, where it was published for the first time. */
export function noteReplacedStatement(
  { schema, literal }: StateText,
  runId: string,
  swapped: readonly { view: string; goingId: number | null }[],
): string {
  const cases = swapped.map(({ view, goingId }) => `when ${literal(view)} then ${goingId ?? 'null::bigint'}`)
  const names = swapped.map(({ view }) => literal(view)).join(', ')
  return (
    `update ${quoteIdentifier(schema)}.view_runs set replaced_relation = case view ${cases.join(' ')} end ` +
    `where run_id = ${literal(runId)} and view in (${names})`
  )
}

/** The reverse: what a run published waits again, as it did before the swap. */
export function withdrawStatements(
  { schema, literal }: StateText,
  runId: string,
  views: readonly string[],
): string[] {
  const names = views.map((view) => literal(view)).join(', ')
  return [
    `delete from ${quoteIdentifier(schema)}.views where name in (${names})`,
    `update ${quoteIdentifier(schema)}.view_runs set outcome = 'ready' ` +
      `where run_id = ${literal(runId)} and view in (${names})`,
    // A copy that was written stays: the version was live.
    `delete from ${quoteIdentifier(schema)}.snapshots ` +
      `where run_id = ${literal(runId)} and view in (${names}) and outcome is null`,
  ]
}
