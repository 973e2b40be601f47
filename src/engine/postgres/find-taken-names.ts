import { parametersFor, relationsAt } from './catalog/relations-at.ts'
import type { Problem } from '../../errors.ts'
import type { View } from '../../project/view.ts'
import type { IndexSettings } from '../../project/view-settings.ts'
import { formatAddress } from '../../sql/identifiers.ts'
import type { ObstacleOptions } from '../engine.ts'
import type { CapturedIndex, CapturedRelation } from './catalog/captured-relation.ts'
import type { Session } from './connection/session.ts'
import { addressOf } from './places.ts'

/** What stands in a schema under the name that an index is to have. */
interface Holder {
  schema: string
  name: string
  id: number
  /** In words, such as `sequence first.by_name`. */
  description: string
  /** Where it is an index itself. */
  indexed: { id: number; name: string; isOfConstraint: boolean } | null
}

/**
 * The names of indexes that something else has which stays: most would be found by the swap alone, since the new
 * versions are built in a schema of their own.
 * @param live the relations under the names of the views
 */
export async function findTakenNames(
  session: Session,
  live: readonly CapturedRelation[],
  options: ObstacleOptions,
): Promise<Problem[]> {
  const holders = await readHolders(session, options.views)
  if (holders.size === 0) return []
  const byAddress = new Map(live.map((relation) => [formatAddress(relation), relation]))
  const liveOf = (view: View): CapturedRelation | null =>
    byAddress.get(formatAddress(addressOf(view, 'live'))) ?? null
  const leaving = new Set(
    options.views.flatMap((view) => {
      const id = liveOf(view)?.id
      return id === undefined ? [] : options.declaredIndexes(view.name).map((name) => keyOf(id, name))
    }),
  )
  return options.views.flatMap((view) =>
    view.indexNames.own.flatMap((own, at) => {
      const holder = holders.get(formatAddress({ schema: view.schema, name: own.name }))
      const index = view.settings.indexes[at]
      const relation = liveOf(view)
      if (holder === undefined || index === undefined || mayKeepAnother(view, index, relation)) return []
      const { indexed } = holder
      const goes =
        indexed !== null &&
        !indexed.isOfConstraint &&
        (leaving.has(keyOf(indexed.id, holder.name)) ||
          (indexed.id === relation?.id && !isAnother(holder.name, index, relation)))
      if (goes) return []
      const on = indexed === null ? '' : ` on ${indexed.name}`
      return [
        {
          ...own.place,
          message: `an index of ${view.name} is to be called ${own.name}, and so is the ${holder.description}${on}`,
          hint: hintFor(holder, options),
        },
      ]
    }),
  )
}

function hintFor(
  { id, name, indexed }: Holder,
  { published, removed, declaredIndexes }: ObstacleOptions,
): string {
  const owner = [...published].find(([, relation]) => relation === (indexed?.id ?? id))?.[0]
  if (owner === undefined) return generalHint
  if (removed.has(owner)) {
    return `${owner} is a view of duro whose file is gone. Drop it with duro cleanup --removed, or bring the file back.`
  }
  return indexed?.isOfConstraint === false && declaredIndexes(owner).includes(name)
    ? `Refresh ${owner} in the same run: its settings no longer have the name.`
    : generalHint
}

const generalHint = 'Set another name for the index, or rename what stands there.'

/**
 * A declared index without a name of its own that stands already keeps the name that it has. Only the server knows
 * whether one is the same as what is declared, so what could be is let pass.
 */
function mayKeepAnother(view: View, index: IndexSettings, live: CapturedRelation | null): boolean {
  return (
    index.name === null &&
    (live?.indexes ?? []).some(
      (standing) => mayBeSame(standing, index) && !view.indexNames.taken.has(standing.name),
    )
  )
}

/** What somebody made by hand on the view itself stays, but is perhaps the one that is declared. */
const isAnother = (name: string, index: IndexSettings, live: CapturedRelation): boolean =>
  live.indexes.some((standing) => standing.name === name && !mayBeSame(standing, index))

function mayBeSame({ unique, columns }: CapturedIndex, index: IndexSettings): boolean {
  const text = [...index.columns, ...index.include, index.where ?? ''].join(' ')
  return unique === index.unique && columns.every((column) => text.includes(column))
}

const keyOf = (relation: number, index: string): string => JSON.stringify([relation, index])

/** By address. The session's search path must be empty. */
async function readHolders(session: Session, views: readonly View[]): Promise<ReadonlyMap<string, Holder>> {
  const wanted = views.flatMap(({ schema, indexNames }) =>
    indexNames.own.map(({ name }) => ({ schema, name })),
  )
  if (wanted.length === 0) return new Map()
  const holders = await session.query<Holder>(
    `select n.nspname::text as schema, c.relname::text as name, c.oid::bigint::float8 as id,
            pg_describe_object('pg_class'::regclass, c.oid, 0) as description,
            case when i.indrelid is not null
              then json_build_object(
                'id', i.indrelid::bigint, 'name', i.indrelid::regclass::text,
                'isOfConstraint', exists (select from pg_constraint k where k.conindid = c.oid and k.conrelid = i.indrelid)
              ) end as indexed
     from ${relationsAt}
     left join pg_index i on i.indexrelid = c.oid`,
    parametersFor(wanted),
  )
  return new Map(holders.map((holder) => [formatAddress(holder), holder]))
}
