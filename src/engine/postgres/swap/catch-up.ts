import { formatAddress } from '../../../sql/identifiers.ts'
import type { SwapMember } from '../../engine.ts'
import { captureRelations } from '../catalog/capture-relations.ts'
import type { CapturedRelation, Grant } from '../catalog/captured-relation.ts'
import type { Session } from '../connection/session.ts'
import { transaction, withQualifiedNames } from '../connection/transaction.ts'
import { addressOf } from '../places.ts'
import { relationKind } from '../relation-kind.ts'
import { grantStatements, mergeGrants } from '../statements/grants.ts'
import { capturedIndex } from '../statements/indexes.ts'
import { commentStatement, formatMarker, parseMarker } from '../statements/marker.ts'

/**
 * Between the build and the swap somebody may have granted, commented or indexed the live version: the new one was
 * made before that, and catches up, while nothing is locked yet.
 */
export async function catchUp(session: Session, members: readonly SwapMember[]): Promise<void> {
  const captured = await withQualifiedNames(session, () =>
    captureRelations(
      session,
      members.flatMap(({ view }) => [addressOf(view, 'live'), addressOf(view, 'new')]),
    ),
  )
  const at = new Map(captured.map((relation) => [formatAddress(relation), relation]))
  const statements = members.flatMap((member) => {
    const live = at.get(formatAddress(addressOf(member.view, 'live')))
    const coming = at.get(formatAddress(addressOf(member.view, 'new')))
    if (live === undefined || coming === undefined || member.declared === null) return []
    return catchUpStatements(live, coming, member.declared)
  })
  if (statements.length > 0) {
    await transaction(session, "begin; set local search_path = ''", () =>
      session.query(statements.join(';\n')),
    )
  }
}

export function catchUpStatements(
  live: CapturedRelation,
  coming: CapturedRelation,
  { before, now }: NonNullable<SwapMember['declared']>,
): string[] {
  const kind = relationKind(coming.kind)
  if (kind === null) return []
  const relation = formatAddress(coming)
  const readers = { now: now.grantSelect, before: before?.grantSelect ?? [] }
  const grants = mergeGrants(live.grants, live.owner, readers)
  const marker = parseMarker(coming.comment)
  const comment = now.description ? marker?.comment : before?.description ? null : live.comment
  return [
    ...(sameGrants(grants, coming.grants, live.owner)
      ? []
      : grantStatements(relation, live.owner, grants, [
          ...new Set(coming.grants?.map((grant) => grant.grantee)),
        ])),
    ...(marker === null || comment === undefined || comment === marker.comment
      ? []
      : [commentStatement(kind, relation, formatMarker({ ...marker, comment }))]),
    ...(kind === 'view' ? [] : missingIndexes(live, coming, before?.indexes ?? [])),
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

function missingIndexes(
  live: CapturedRelation,
  coming: CapturedRelation,
  declaredBefore: readonly string[],
): string[] {
  const columns = new Set(coming.columns.map((column) => column.name))
  return live.indexes
    .filter(
      (index) =>
        !declaredBefore.includes(index.name) &&
        index.columns.every((column) => columns.has(column)) &&
        !coming.indexes.some((other) => other.name === index.name || other.using === index.using),
    )
    .flatMap((index) => {
      const again = capturedIndex(formatAddress(coming), coming.schema, index)
      return [again.create, ...again.after]
    })
}
