import { SqlError, type DuroError, type SourceLocation } from '../../../errors.ts'
import type { StatementFile, View, ViewName } from '../../../project/view.ts'
import { type Address, formatAddress } from '../../../sql/identifiers.ts'
import type { ViewToBuild } from '../../builder.ts'
import type { TrialOptions, ViewToTry } from '../../engine.ts'
import { readBonds } from '../catalog/bonds.ts'
import { parametersFor, relationsAt } from '../catalog/relations-at.ts'
import type { Session } from '../connection/session.ts'
import { addressOf } from '../places.ts'
import { attempt } from './attempt.ts'
import { locateName } from './locate-name.ts'

/**
 * The new relations that are bound to the live version of a view that duro does not see them read: when that is
 * replaced they would go with it, or stay on what is old. A string that a function takes for a relation, as in
 * `pg_relation_size('first.cities')`, is one only for the server. What is seen stands for the new version, in this run.
 * @param views with relations in the places of the new versions, in the transaction that has made them
 */
export async function findBound(
  session: Session,
  views: readonly ViewToTry[],
  { planned, known }: Pick<TrialOptions, 'planned' | 'known'>,
): Promise<ReadonlyMap<ViewName, readonly DuroError[]>> {
  const live = known.map((view) => ({ view: view.name, address: addressOf(view, 'live') }))
  /** Null: one of the probes cannot be made. */
  const bondsWith = async (probes: readonly Probe[]): Promise<readonly NamedBond[] | null> => {
    let areMade = false
    let bonds: readonly NamedBond[] | null = null
    const error = await attempt(session, async () => {
      await createAll(session, probes)
      areMade = true
      bonds = await bondsBetween(session, [...views.map(relationOf), ...probes], live)
    })
    if (areMade && error !== null) throw error
    return bonds
  }
  const probes = views.flatMap(probesOf)
  const bonds = (await bondsWith(probes)) ?? (await bondsWith(await findPossible(session, probes))) ?? []
  const complaints = new Map<ViewName, DuroError[]>()
  const replaced = new Set(planned.map(({ name }) => name))
  for (const { view, names } of views) {
    const own = bonds
      .filter(({ view: name, to }) => name === view.name && (replaced.has(to) || !names.has(to)))
      .map((bond) => ({ ...bond, location: locateName(selectOf(view), bond.to) }))
      // Through the rows that a table keeps it is bound without a name, which is right as long as they stay.
      .filter(({ to, location }) => replaced.has(to) || location !== undefined)
    if (own.length > 0)
      complaints.set(
        view.name,
        own.map((bond) => complaint(view, bond)),
      )
  }
  return complaints
}

interface NamedRelation {
  view: ViewName
  address: Address
}

interface NamedBond {
  view: ViewName
  to: ViewName
  /** Whether it is only the type of its rows, or of arrays of them. */
  isType: boolean
}

/** Several relations may stand for one view. */
async function bondsBetween(
  session: Session,
  relations: readonly NamedRelation[],
  targets: readonly NamedRelation[],
): Promise<readonly NamedBond[]> {
  const ids = await readIds(session, [...relations, ...targets])
  const viewsOf = (named: readonly NamedRelation[]): ReadonlyMap<number, ViewName> =>
    new Map(named.map(({ view, address }) => [ids.get(formatAddress(address)) ?? 0, view]))
  const [from, to] = [viewsOf(relations), viewsOf(targets)]
  const bonds = new Map<string, NamedBond>()
  for (const { relation, target, isType } of await readBonds(session, [...from.keys()], [...to.keys()])) {
    const bond = { view: from.get(relation) ?? '', to: to.get(target) ?? '' }
    const key = JSON.stringify(bond)
    bonds.set(key, { ...bond, isType: isType && bonds.get(key)?.isType !== false })
  }
  return [...bonds.values()]
}

/** By address as SQL. */
async function readIds(
  session: Session,
  relations: readonly NamedRelation[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await session.query<Address & { id: number }>(
    `select n.nspname::text as schema, c.relname::text as name, c.oid::bigint::float8 as id from ${relationsAt}`,
    parametersFor(relations.map(({ address }) => address)),
  )
  return new Map(rows.map((row) => [formatAddress(row), row.id]))
}

type Probe = NamedRelation & { create: string }

const createAll = (session: Session, probes: readonly Probe[]): Promise<unknown> =>
  session.query(probes.map(({ create }) => create).join(';\n'))

/** A view may not hold what a table or a script can, such as two columns of one name: that says nothing of the others. */
async function findPossible(session: Session, probes: readonly Probe[]): Promise<readonly Probe[]> {
  if ((await attempt(session, () => createAll(session, probes))) === null) return probes
  const half = Math.ceil(probes.length / 2)
  if (half === probes.length) return []
  return [
    ...(await findPossible(session, probes.slice(0, half))),
    ...(await findPossible(session, probes.slice(half))),
  ]
}

const relationOf = ({ view }: ViewToBuild): NamedRelation => ({
  view: view.name,
  address: addressOf(view, 'new'),
})

/** What fills a table is bound to nothing, and names the wrong version all the same: a view of it shows that. */
function probesOf({ view, sql, feed }: ViewToBuild, index: number): Probe[] {
  const select = feed === null ? sql : (feed.input?.sql ?? null)
  if (select === null || view.settings.materialized !== 'table') return []
  const address = { schema: addressOf(view, 'new').schema, name: `duro_trial_${index}` }
  return [{ view: view.name, address, create: `create view ${formatAddress(address)} as\n${select.text}` }]
}

const selectOf = ({ file, feed }: View): StatementFile => (feed?.kind === 'processor' ? feed.select : file)

function complaint(
  view: View,
  { to, isType, location }: NamedBond & { location: SourceLocation | undefined },
): DuroError {
  const how = location === undefined ? 'is bound to' : 'names'
  return new SqlError(
    'build',
    `${view.name} could not be built: it ${how} ${to} in a way that duro does not see, and would stay on its old version`,
    {
      location,
      detail: location === undefined ? `in ${selectOf(view).path}` : undefined,
      hint: hintFor(to, isType, location === undefined),
    },
  )
}

function hintFor(to: ViewName, isType: boolean, isUnsaid: boolean): string {
  if (isUnsaid) return `Perhaps a table that it reads has rows of ${to} as values: refresh that table too.`
  return isType
    ? `Write ${to}[] for the type of arrays of its rows.`
    : `Only the server takes the text there for the name of ${to}: write '${to}'::regclass.`
}
