import { formatAddress, quoteIdentifier } from '../../../sql/identifiers.ts'
import type { CapturedColumn, CapturedRelation, Grant } from '../catalog/captured-relation.ts'
import { relationKind } from '../relation-kind.ts'
import {
  columnGrantStatements,
  grantStatements,
  mergeGrants,
  type DeclaredReaders,
} from '../statements/grants.ts'
import { commentStatement, formatMarker, parseMarker } from '../statements/marker.ts'
import type { Versions } from './refuse-changed.ts'

/** The owner, the grants and the comments that the one that comes lacks, as statements. */
export function rightsOf({ live, coming, declared: { before, now } }: Versions): string[] {
  const kind = relationKind(coming.kind)
  if (kind === null) return []
  const relation = formatAddress(coming)
  const columns = pairs(live, coming)
  const marker = parseMarker(coming.comment)
  const comment = commentOf({ live, coming, declared: { before, now } })
  const described = new Set([...now.columns, ...(before?.columns ?? [])])
  return [
    ...(live.owner === coming.owner
      ? []
      : [`alter ${kind} ${relation} owner to ${quoteIdentifier(live.owner)}`]),
    ...missingGrants(live, coming, {
      now: now.grantSelect,
      // Who reads the one that comes by itself was let by somebody, whatever the settings asked for since.
      before: (before?.grantSelect ?? []).filter((reader) => !isReader(coming, reader)),
    }),
    ...(marker === null || comment === marker.comment
      ? []
      : [commentStatement(kind, relation, formatMarker({ ...marker, comment }))]),
    ...columns
      .filter(([one, other]) => one.comment !== other.comment && !described.has(one.name))
      .map(([one]) => commentStatement('column', `${relation}.${quoteIdentifier(one.name)}`, one.comment)),
  ]
}

/**
 * The comment of the one that comes, once it is live. What the settings asked for the live one only is not there to come
 * along: the other keeps its own.
 */
export function commentOf({
  live,
  coming,
  declared: { before, now },
}: Omit<Versions, 'view'>): string | null {
  const isDeclared = now.description || before?.description === true
  return isDeclared ? (parseMarker(coming.comment)?.comment ?? null) : live.comment
}

const isReader = ({ grants }: CapturedRelation, name: string): boolean =>
  grants?.some(({ grantee, privilege }) => privilege === 'SELECT' && (grantee ?? 'public') === name) ?? false

/** The columns that both have. */
function pairs(live: CapturedRelation, coming: CapturedRelation): [CapturedColumn, CapturedColumn][] {
  const others = new Map(coming.columns.map((column) => [column.name, column]))
  return live.columns.flatMap((column) => {
    const other = others.get(column.name)
    return other === undefined ? [] : [[column, other]]
  })
}

/** A revoke on the relation takes the grants on its columns along, so they are made again together. */
function missingGrants(live: CapturedRelation, coming: CapturedRelation, readers: DeclaredReaders): string[] {
  const grants = mergeGrants(live.grants, live.owner, readers)
  const columns = pairs(live, coming)
  const areSame =
    sameGrants(grants, coming.grants, live.owner) &&
    columns.every(([one, other]) => sameGrants(one.grants, other.grants, live.owner))
  if (areSame) return []
  const relation = formatAddress(coming)
  const granted = [coming.grants, ...columns.map(([, other]) => other.grants)].flatMap((list) => list ?? [])
  const present = [
    ...new Set(granted.map(({ grantee }) => (grantee === null ? 'public' : quoteIdentifier(grantee)))),
  ]
  return [
    // Some of them may have passed on what they hold.
    ...(present.length === 0 ? [] : [`revoke all on ${relation} from ${present.join(', ')} cascade`]),
    ...grantStatements(relation, live.owner, grants, [live.owner]),
    ...columns.flatMap(([one]) => columnGrantStatements(relation, live.owner, one.name, one.grants ?? [])),
  ]
}

/** What the owner holds by itself stands in one list and not in the other; the rest tells. */
function sameGrants(one: readonly Grant[] | null, other: readonly Grant[] | null, owner: string): boolean {
  const others = (grants: readonly Grant[] | null): string =>
    JSON.stringify(
      (grants ?? [])
        .filter((grant) => grant.grantee !== owner)
        .map(({ grantee, grantor, privilege, grantable }) =>
          JSON.stringify([grantee, grantor, privilege, grantable]),
        )
        .toSorted(),
    )
  return others(one) === others(other)
}
