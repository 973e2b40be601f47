import { formatAddress, quoteIdentifier } from '../../../sql/identifiers.ts'
import type { SwapMember } from '../../engine.ts'
import { captureRelations } from '../catalog/capture-relations.ts'
import type { CapturedColumn, CapturedRelation, Grant } from '../catalog/captured-relation.ts'
import type { Session } from '../connection/session.ts'
import { transaction } from '../../transaction.ts'
import { withQualifiedNames } from '../connection/transaction.ts'
import { addressOf } from '../places.ts'
import { relationKind } from '../relation-kind.ts'
import { explainFailure } from '../sql-error.ts'
import {
  columnGrantStatements,
  grantStatements,
  mergeGrants,
  type DeclaredReaders,
} from '../statements/grants.ts'
import { capturedIndex, isAlike } from '../statements/indexes.ts'
import { commentStatement, formatMarker, parseMarker } from '../statements/marker.ts'
import { statisticsStatements } from '../statements/take-over.ts'

/**
 * Between the build and the swap somebody may have granted, commented or indexed the live version: the new one was
 * made before that, and catches up, while nothing is locked yet. What is done to the live one from here on makes the
 * swap try again: see `noteLive`.
 */
export async function catchUp(session: Session, members: readonly SwapMember[]): Promise<void> {
  const captured = await withQualifiedNames(session, () =>
    captureRelations(
      session,
      members.flatMap(({ view }) => [addressOf(view, 'live'), addressOf(view, 'new')]),
    ),
  )
  const at = new Map(captured.map((relation) => [formatAddress(relation), relation]))
  for (const { view, declared } of members) {
    const live = at.get(formatAddress(addressOf(view, 'live')))
    const coming = at.get(formatAddress(addressOf(view, 'new')))
    if (live === undefined || coming === undefined || declared === null) continue
    const statements = catchUpStatements(live, coming, declared)
    if (statements.length === 0) continue
    try {
      await transaction(session, "begin; set local search_path = ''", () =>
        session.query(statements.join(';\n')),
      )
    } catch (error) {
      const what = `the new version of ${view.name} cannot have what was given to the live one since it was built`
      throw explainFailure(error, { code: 'swap', what, file: null })
    }
  }
}

function catchUpStatements(
  live: CapturedRelation,
  coming: CapturedRelation,
  { before, now }: NonNullable<SwapMember['declared']>,
): string[] {
  const kind = relationKind(coming.kind)
  if (kind === null) return []
  const relation = formatAddress(coming)
  const columns = pairs(live, coming)
  const marker = parseMarker(coming.comment)
  const comment = now.description ? marker?.comment : before?.description ? null : live.comment
  const described = new Set([...now.columns, ...(before?.columns ?? [])])
  return [
    ...(live.owner === coming.owner
      ? []
      : [`alter ${kind} ${relation} owner to ${quoteIdentifier(live.owner)}`]),
    ...missingGrants(live, coming, {
      now: now.grantSelect,
      before: before?.grantSelect ?? [],
    }),
    ...(marker === null || comment === undefined || comment === marker.comment
      ? []
      : [commentStatement(kind, relation, formatMarker({ ...marker, comment }))]),
    ...columns
      .filter(([one, other]) => one.comment !== other.comment && !described.has(one.name))
      .map(([one]) => commentStatement('column', `${relation}.${quoteIdentifier(one.name)}`, one.comment)),
    ...(kind === 'view' ? [] : missingStatistics(live, coming, before?.table.statistics ?? [])),
    ...(kind === 'view'
      ? []
      : missingIndexes(live, coming, { before: before?.indexes ?? [], now: now.indexes })),
  ]
}

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

function missingStatistics(
  live: CapturedRelation,
  coming: CapturedRelation,
  declaredBefore: readonly string[],
): string[] {
  const columns = new Set(coming.columns.map((column) => column.name))
  return live.statistics
    .filter(
      ({ name, columns: needed }) =>
        !declaredBefore.includes(name) &&
        needed.every((column) => columns.has(column)) &&
        !coming.statistics.some((other) => other.name === name),
    )
    .flatMap((statistics) => statisticsStatements(coming, statistics))
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

/** By name, since an index that somebody made by hand keeps its own, also where another one is the same. */
function missingIndexes(
  live: CapturedRelation,
  coming: CapturedRelation,
  declared: { before: readonly string[]; now: readonly string[] },
): string[] {
  const columns = new Set(coming.columns.map((column) => column.name))
  const others = new Map(coming.indexes.map((index) => [index.name, index]))
  return live.indexes
    .filter(
      (index) =>
        !declared.before.includes(index.name) && index.columns.every((column) => columns.has(column)),
    )
    .flatMap((index) => {
      const other = others.get(index.name)
      if (other !== undefined && isAlike(index, other)) return []
      const again = capturedIndex(formatAddress(coming), coming.schema, index)
      // Somebody has made another one of the name. If the settings have it too, the server refuses the second.
      const isOutdated = other !== undefined && !declared.now.includes(index.name)
      const drop = `drop index ${formatAddress({ schema: coming.schema, name: index.name })}`
      return [...(isOutdated ? [drop] : []), again.create, ...again.after]
    })
}
