import type { ViewName } from '../../../project/view.ts'
import { formatAddress, quoteLiteral, viewName, type Address } from '../../../sql/identifiers.ts'
import type { Column } from '../../compare-columns.ts'
import type { Dependent } from '../catalog/dependents.ts'
import { isInTheWay } from '../connection/giving-way.ts'
import type { Session } from '../connection/session.ts'
import { columnsOf } from './read-columns.ts'

/**
 * Rows of a view that a table keeps go over to the new type as text, by the place of their columns: that has to fit.
 * @param made the new relations, by the name of their view
 * @returns a complaint, or null
 */
export async function tryKeptRows(
  session: Session,
  { keeps, relation, description }: Dependent,
  made: ReadonlyMap<ViewName, Address>,
): Promise<string | null> {
  if (keeps === null) return null
  const { table, column, areArrays } = keeps
  const [live] = await session.query<Address & { columns: Column[] }>(
    `select n.nspname as schema, c.relname as name, ${columnsOf('c.oid')} as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = $1`,
    [relation],
  )
  const coming = live === undefined ? undefined : made.get(viewName(live))
  if (live === undefined || coming === undefined) return null
  const type = formatAddress(coming)
  await session.query('savepoint rows')
  try {
    const [kept] = await session.query<{ count: number }>(
      `select count(${column}::text::${type}${areArrays ? '[]' : ''})::float8 as count from ${table}`,
    )
    const [tried] = await session.query<{ columns: Column[] }>(
      `select ${columnsOf(`${quoteLiteral(type)}::regclass`)} as columns`,
    )
    const moved = kept?.count === 0 ? [] : movedColumns(live.columns, tried?.columns ?? [])
    return moved.length === 0
      ? null
      : `${description} would get its values mixed up: ${moved.join(', ')} would stand at another place`
  } catch (error) {
    if (isInTheWay(error)) throw error
    return `${description} would break: ${error instanceof Error ? error.message : String(error)}`
  } finally {
    await session.query('rollback to savepoint rows')
  }
}

/** Names of the columns that both have, at different places. */
function movedColumns(before: readonly Column[], after: readonly Column[]): string[] {
  const places = new Map(after.map(({ name }, place) => [name, place]))
  return before.flatMap(({ name }, place) => ((places.get(name) ?? place) === place ? [] : [name]))
}
