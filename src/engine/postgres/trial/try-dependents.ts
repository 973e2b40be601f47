import { appendTo } from '../../../append-to.ts'
import type { ViewName } from '../../../project/view.ts'
import { formatAddress, quoteLiteral, viewName, type Address } from '../../../sql/identifiers.ts'
import type { SqlParser } from '../../../sql/parser.ts'
import { rewrite } from '../../../sql/rewrite.ts'
import type { Dependent } from '../catalog/dependents.ts'
import { isInTheWay } from '../connection/giving-way.ts'
import type { Session } from '../connection/session.ts'
import { compareColumns, describeChange, type Column } from '../../compare-columns.ts'
import { columnsOf } from './read-columns.ts'
import { tryKeptRows } from './try-kept-rows.ts'

/**
 * Which dependents cannot be made again on the new columns: each view's definition is pointed at the new relations
 * and tried out. The swap replaces it in place, for which its own columns have to stay as they are.
 * @param made the new relations, by the name of their view
 * @returns complaints, by the object id of the live relation
 */
export async function tryDependents(
  session: Session,
  dependents: readonly Dependent[],
  made: ReadonlyMap<ViewName, Address>,
  parser: SqlParser,
): Promise<ReadonlyMap<number, readonly string[]>> {
  const broken = new Map<number, string[]>()
  const [place] = made.values()
  if (place === undefined) return broken
  for (const dependent of dependents) {
    const complaint =
      (await tryKeptRows(session, dependent, made)) ??
      (await tryDependent(session, dependent, { made, schema: place.schema, parser }))
    if (complaint === null) continue
    appendTo(broken, dependent.relation, complaint)
  }
  return broken
}

interface Tryout {
  made: ReadonlyMap<ViewName, Address>
  /** A shadow schema, where this role may surely create something: it may have no right to temporary relations. */
  schema: string
  parser: SqlParser
}

async function tryDependent(
  session: Session,
  { remedy, description }: Dependent,
  { made, schema, parser }: Tryout,
): Promise<string | null> {
  if (remedy === null || remedy.id === null) return null
  const [view] = await session.query<{ definition: string; columns: Column[] }>(
    `select rtrim(pg_get_viewdef($1::oid), ';') as definition, ${columnsOf('$1::oid')} as columns`,
    [remedy.id],
  )
  const [statement] = view === undefined ? [] : parser.parse(view.definition)
  if (view === undefined || statement === undefined) return null
  const { text } = rewrite(view.definition, statement, (reference) =>
    reference.schema === null
      ? null
      : (made.get(viewName({ schema: reference.schema, name: reference.name })) ?? null),
  )
  await session.query('savepoint dependent')
  try {
    const name = formatAddress({ schema, name: `duro_trial_${remedy.id}` })
    await session.query(`create view ${name} as\n${text}`)
    const [tried] = await session.query<{ columns: Column[] }>(
      `select ${columnsOf(`${quoteLiteral(name)}::regclass`)} as columns`,
    )
    const changes = compareColumns(view.columns, tried?.columns ?? [])
    return changes.length === 0
      ? null
      : `${description} would get other columns: ${changes.map(describeChange).join(', ')}`
  } catch (error) {
    if (isInTheWay(error)) throw error
    return `${description} would break: ${error instanceof Error ? error.message : String(error)}`
  } finally {
    await session.query('rollback to savepoint dependent')
  }
}
