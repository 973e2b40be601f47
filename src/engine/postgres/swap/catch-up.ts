import { formatAddress, quoteIdentifier } from '../../../sql/identifiers.ts'
import type { SwapMember, SwapOptions } from '../../engine.ts'
import { stayInPlace } from '../statements/stay-in-place.ts'
import { statisticsHashes } from '../catalog/taken-over.ts'
import { captureRelations } from '../catalog/capture-relations.ts'
import {
  isNamed,
  type CapturedColumn,
  type CapturedRelation,
  type Grant,
} from '../catalog/captured-relation.ts'
import type { Session } from '../connection/session.ts'
import { transaction } from '../../transaction.ts'
import { printAlike, withQualifiedNames } from '../connection/transaction.ts'
import { addressOf, waitingPlace } from '../places.ts'
import { relationKind } from '../relation-kind.ts'
import { explainFailure } from '../sql-error.ts'
import {
  columnGrantStatements,
  grantStatements,
  mergeGrants,
  type DeclaredReaders,
} from '../statements/grants.ts'
import { commentStatement, formatMarker, parseMarker } from '../statements/marker.ts'
import { statisticsStatements } from '../statements/take-over.ts'
import { bringAlong } from './bring-along.ts'
import { indexesOf } from './catch-up-indexes.ts'
import { refuseChanged, type Versions } from './refuse-changed.ts'

/**
 * Somebody may have granted, revoked, commented or indexed on the live version since the one was made that takes its
 * place: it catches up, while nothing is locked yet. Where a new version cannot, the swap is refused; the way back is
 * not, as what is live may be wrong. What is done to the live one from here on makes the swap try again: see `noteLive`.
 * @param options `refused`: see `bringAlong`
 */
export async function catchUp(
  session: Session,
  members: readonly SwapMember[],
  options: Pick<SwapOptions, 'direction' | 'giveUpAfter' | 'emit' | 'signal'> & { refused: Set<string> },
): Promise<void> {
  const captured = await withQualifiedNames(session, () =>
    captureRelations(
      session,
      members.flatMap((member) => [addressOf(member.view, 'live'), waitingPlace(member)]),
    ),
  )
  const at = new Map(captured.map((relation) => [formatAddress(relation), relation]))
  const versions = members.flatMap((member): Versions[] => {
    const { view, declared } = member
    const live = at.get(formatAddress(addressOf(view, 'live')))
    const coming = at.get(formatAddress(waitingPlace(member)))
    if (live === undefined || coming === undefined || declared === null) return []
    return [{ view: view.name, live, coming, declared }]
  })
  const begin = `begin; ${printAlike}; ${stayInPlace}`
  if (options.direction === 'back') {
    const missing = versions.map((each) => {
      const { rights, extras } = catchUpStatements(each)
      return { view: each.view, parts: [rights, ...extras.map((statement) => [statement])] }
    })
    return bringAlong(session, missing, { ...options, begin })
  }
  refuseChanged(versions)
  for (const each of versions) {
    const { rights, extras } = catchUpStatements(each)
    const statements = [...rights, ...extras]
    if (statements.length === 0) continue
    try {
      await transaction(session, begin, () => session.query(statements.join(';\n')))
    } catch (error) {
      const what = `the new version of ${each.view} cannot have what was given to the live one since it was built`
      throw explainFailure(error, { code: 'swap', what, file: null })
    }
  }
}

/** What is missing from the one that comes: its owner, grants and comments, and what else stands on it. */
function catchUpStatements({ live, coming, declared: { before, now } }: Versions): {
  rights: readonly string[]
  extras: readonly string[]
} {
  const kind = relationKind(coming.kind)
  if (kind === null) return { rights: [], extras: [] }
  const relation = formatAddress(coming)
  const columns = pairs(live, coming)
  const marker = parseMarker(coming.comment)
  // What the settings asked for the live one only is not there to come along: the other keeps its own.
  const comment = now.description || before?.description ? marker?.comment : live.comment
  const described = new Set([...now.columns, ...(before?.columns ?? [])])
  const rights = [
    ...(live.owner === coming.owner
      ? []
      : [`alter ${kind} ${relation} owner to ${quoteIdentifier(live.owner)}`]),
    ...missingGrants(live, coming, {
      now: now.grantSelect,
      // Who reads the one that comes by itself was let by somebody, whatever the settings asked for since.
      before: (before?.grantSelect ?? []).filter((reader) => !isReader(coming, reader)),
    }),
    ...(marker === null || comment === undefined || comment === marker.comment
      ? []
      : [commentStatement(kind, relation, formatMarker({ ...marker, comment }))]),
    ...columns
      .filter(([one, other]) => one.comment !== other.comment && !described.has(one.name))
      .map(([one]) => commentStatement('column', `${relation}.${quoteIdentifier(one.name)}`, one.comment)),
  ]
  const extras = kind === 'view' ? [] : extraStatements({ live, coming, declared: { before, now } }, comment)
  return { rights, extras }
}

const isReader = ({ grants }: CapturedRelation, name: string): boolean =>
  grants?.some(({ grantee, privilege }) => privilege === 'SELECT' && (grantee ?? 'public') === name) ?? false

/** What stands on it, with a note of that on the new version: it goes again where it is dropped before the next try. */
function extraStatements(
  { live, coming, declared }: Omit<Versions, 'view'>,
  comment: string | null | undefined,
): readonly string[] {
  const kind = relationKind(coming.kind)
  const marker = parseMarker(coming.comment)
  const before = marker?.caughtUp ?? { indexes: [], statistics: [] }
  const statistics = statisticsOf(live, coming, declared, before.statistics)
  const indexes = indexesOf(live, coming, declared, before.indexes)
  const statements = [...statistics.statements, ...indexes.statements]
  if (marker === null || kind === null || statements.length === 0) return statements
  const caughtUp = {
    indexes: [...new Set([...before.indexes, ...indexes.made])].filter((name) => isNamed(live.indexes, name)),
    statistics: [...new Set([...before.statistics, ...statistics.made])].filter((name) =>
      isNamed(live.statistics, name),
    ),
  }
  const noted = formatMarker({
    ...marker,
    comment: comment === undefined ? marker.comment : comment,
    caughtUp,
  })
  return [...statements, commentStatement(kind, formatAddress(coming), noted)]
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

function statisticsOf(
  live: CapturedRelation,
  coming: CapturedRelation,
  { before, now }: Versions['declared'],
  caughtUp: readonly string[],
): { statements: string[]; made: string[] } {
  const columns = coming.columns.map((column) => column.name)
  const [found, made] = [live, coming].map((version) => statisticsHashes(version, columns))
  // Gone from the live version since the build, or another one by now.
  const gone = coming.statistics.filter(
    ({ name }) =>
      !now.table.statistics.includes(name) &&
      found?.[name] !== made?.[name] &&
      (isNamed(live.statistics, name) ||
        caughtUp.includes(name) ||
        Object.hasOwn(now.takenOver?.statistics ?? {}, name)),
  )
  const missing = live.statistics.filter(
    ({ name }) =>
      before?.table.statistics.includes(name) !== true &&
      found?.[name] !== undefined &&
      (!isNamed(coming.statistics, name) || isNamed(gone, name)),
  )
  return {
    statements: [
      ...gone.map((statistics) => `drop statistics ${formatAddress(statistics)}`),
      ...missing.flatMap((statistics) => statisticsStatements(coming, statistics)),
    ],
    made: missing.map(({ name }) => name),
  }
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
