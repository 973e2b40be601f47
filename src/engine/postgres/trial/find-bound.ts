import { appendTo } from '../../../append-to.ts'
import { SqlError, type DuroError } from '../../../errors.ts'
import type { View, ViewName } from '../../../project/view.ts'
import { formatAddress, quoteLiteral, type Address } from '../../../sql/identifiers.ts'
import type { ViewToBuild } from '../../builder.ts'
import type { TrialOptions, ViewToTry } from '../../engine.ts'
import { readBonds } from '../catalog/bonds.ts'
import type { Session } from '../connection/session.ts'
import { addressOf } from '../places.ts'
import { findNamed, type LocatedName } from './find-named.ts'
import { readIds } from './read-ids.ts'
import { aimedSelect, selectOf } from './select-of.ts'
import { withProbes, type Probe } from './with-probes.ts'

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
  const probes = views.flatMap(probesOf)
  const bonds =
    (await withProbes(session, probes, (made) =>
      bondsBetween(session, [...views.map(relationOf), ...made], live),
    )) ?? []
  const byView = new Map<ViewName, NamedBond[]>()
  for (const bond of bonds) appendTo(byView, bond.view, bond)
  const bondsOf = (name: ViewName): readonly NamedBond[] => byView.get(name) ?? []

  const replaced = new Set(planned.map(({ name }) => name))
  const byName = new Map(known.map((view) => [view.name, view]))
  const named = await findNamed(
    session,
    views.map((input) => {
      const staying = [...input.names].filter((name) => !replaced.has(name))
      const mayBeNamed = new Set([...staying, ...bondsOf(input.view.name).map(({ to }) => to)])
      return { input, live: [...mayBeNamed].flatMap((name) => byName.get(name) ?? []) }
    }),
  )

  const asSql = new Map(live.map(({ view, address }) => [view, formatAddress(address)]))
  return new Map(
    views.map(({ view }) => {
      const names = named.filter((name) => name.view === view.name)
      const own = bondsOf(view.name)
        .filter(({ to }) => replaced.has(to))
        .map((bond) => ({ ...bond, name: names.find(({ to }) => to === bond.to)?.name }))
      const found = [...own, ...names.filter(({ to }) => !replaced.has(to))]
      return [view.name, found.map((bond) => complaint(view, bond, asSql.get(bond.to) ?? bond.to))]
    }),
  )
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
  const ids = await readIds(
    session,
    [...relations, ...targets].map(({ address }) => address),
  )
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

const relationOf = ({ view }: ViewToBuild): NamedRelation => ({
  view: view.name,
  address: addressOf(view, 'new'),
})

/** What fills a table is bound to nothing, and names the wrong version all the same: a view of it shows that. */
function probesOf(input: ViewToBuild, index: number): (NamedRelation & Probe)[] {
  const { view } = input
  const select = aimedSelect(input)
  if (select === null || view.settings.materialized !== 'table') return []
  const address = { schema: addressOf(view, 'new').schema, name: `duro_trial_${index}` }
  return [{ view: view.name, address, create: `create view ${formatAddress(address)} as\n${select.text}` }]
}

function complaint(
  view: View,
  { to, isType, name }: NamedBond & { name: LocatedName | undefined },
  asSql: string,
): DuroError {
  const how = name === undefined ? 'is bound to' : 'names'
  return new SqlError(
    'build',
    `${view.name} could not be built: it ${how} ${to} in a way that duro does not see, and would stay on its old version`,
    {
      location: name?.location,
      detail: name === undefined ? `in ${selectOf(view).path}` : undefined,
      hint:
        name === undefined
          ? `Perhaps a table that it reads has rows of ${to} as values: refresh that table too.`
          : hintFor(name.kind, asSql, isType),
    },
  )
}

/** @param to as SQL */
const hintFor = (kind: LocatedName['kind'], to: string, isType: boolean): string =>
  kind === 'array type'
    ? `Write ${to}[] for the type of arrays of its rows.`
    : `Only the server takes the text there for that name: write ${quoteLiteral(to)}::${isType ? 'regtype' : 'regclass'}.`
