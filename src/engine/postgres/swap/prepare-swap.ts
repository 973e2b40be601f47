import { DuroError } from '../../../errors.ts'
import { formatAddress, quoteLiteral, type Address } from '../../../sql/identifiers.ts'
import type { SwapMember, SwapOptions, SwappedIds } from '../../engine.ts'
import { tableOfOthers } from '../../table-of-others.ts'
import { swappedIds, type Move } from '../../move.ts'
import { captureRelations } from '../catalog/capture-relations.ts'
import type { CapturedRelation } from '../catalog/captured-relation.ts'
import { findOwnVersions } from '../catalog/find-leftovers.ts'
import { dependentsFingerprint, readDependents, type Dependent } from '../catalog/dependents.ts'
import { recompileStatements } from '../catalog/routines.ts'
import type { Session } from '../connection/session.ts'
import { withQualifiedNames } from '../connection/transaction.ts'
import { inheritanceObstacle, obstacleOf } from '../obstacle.ts'
import { addressOf, waitingPlace } from '../places.ts'
import { relationKind } from '../relation-kind.ts'
import { parseMarker } from '../statements/marker.ts'
import { followUpStatements, loosenedBy, type MovedRelation, type Swap } from './swap-statements.ts'

/** What an attempt to swap is bound to. */
export interface SwapContext {
  /** SQL that is true while this run still holds the run lock. */
  fence: string
  /** Where the versions that go are kept, by schema. */
  room: ReadonlyMap<string, string>
  /** SQL that is true while the live relations are as they were when the new ones caught up with them. */
  unchanged: string
}

/** Everything but the time that the swap may wait for locks. */
export type PreparedSwap = Omit<Swap, 'lockBudget'> & { swapped: readonly SwappedIds[] }

/**
 * Looks at what is to be moved and at all that hangs on it. What is found here is checked again under the locks.
 */
export async function prepareSwap(
  session: Session,
  members: readonly SwapMember[],
  options: SwapOptions,
  { fence, room, unchanged }: SwapContext,
): Promise<PreparedSwap> {
  return withQualifiedNames(session, async () => {
    const places = members.flatMap((member) => [addressOf(member.view, 'live'), waitingPlace(member)])
    const captured = new Map(
      (await captureRelations(session, places)).map((relation) => [formatAddress(relation), relation]),
    )
    const moves = members.map((member) => prepareMove(member, captured, room))
    const liveIds = moves.flatMap((move) => (move.going === null ? [] : [move.going.id]))
    const leftovers = await findOwnVersions(session, options.leftovers)
    const comingIds = moves.flatMap((move) => (move.coming === null ? [] : [move.coming.id]))
    // The policies of a version that comes are made anew.
    const dependents = (await readDependents(session, liveIds, leftovers)).filter(
      ({ policyOf }) => policyOf === null || !comingIds.includes(policyOf),
    )
    refuseObstacles(moves, dependents, options)
    const fingerprint = dependentsFingerprint(liveIds, leftovers)
    const [row] = await session.query<{ fingerprint: string }>(`select ${fingerprint} as fingerprint`)
    const swapped = swappedIds(moves, loosenedBy)
    return {
      runId: options.runId,
      keptAs: keptAs(options.direction),
      moves,
      dependents,
      recompile: await recompileStatements(
        session,
        moves.flatMap((move) => (move.going === null ? [] : [move.live])),
      ),
      guards: [
        fence,
        ...moves.flatMap((move) => [
          standsAt(move.live, move.going),
          ...(move.coming === null ? [] : [standsAt(move.from, move.coming)]),
          standsAt(move.to, null),
        ]),
        unchanged,
        `${fingerprint} = ${quoteLiteral(row?.fingerprint ?? '')}`,
      ],
      bookkeeping: options.bookkeeping(swapped, followUpStatements({ moves, dependents })),
      swapped,
    }
  })
}

/** The preflight has found none; but hours may have gone by since, and what is bound to the old version stays so. */
function refuseObstacles(
  moves: readonly Move<MovedRelation>[],
  dependents: readonly Dependent[],
  { direction, staying }: Pick<SwapOptions, 'direction' | 'staying'>,
): void {
  const kept = direction === 'publish' ? ' The new versions are kept: `duro swap` publishes them.' : ''
  const coming = new Map(moves.map((move) => [move.coming?.id, move.name]))
  for (const dependent of dependents) {
    const own = coming.get(dependent.materialized ?? dependent.remedy?.id ?? dependent.keeps?.id ?? 0)
    const going = moves.find((move) => move.going?.id === dependent.relation)
    const view = going?.name ?? ''
    // Made again under the name that it was built under, it would be left there beside its live self.
    if (own !== undefined && going !== undefined) throw builtOnGoing(own, going)
    const obstacle = obstacleOf(dependent, view)
    if (obstacle === null || staying.has(dependent.materialized ?? 0)) continue
    throw new DuroError('swap', obstacle.message, { hint: `${obstacle.hint}${kept}` })
  }
}

const builtOnGoing = (view: string, { name, live }: Move<MovedRelation>): DuroError =>
  new DuroError('swap', `the new version of ${view} was built on the live one of ${name}, which goes`, {
    hint: `It names ${name} in a way that duro does not see. Where its SQL says that name in a string, write ${quoteLiteral(formatAddress(live))}::regclass.`,
  })

/** What the relations that were live are from then on. */
export const keptAs = (direction: SwapOptions['direction']): 'new' | 'old' =>
  direction === 'publish' ? 'old' : 'new'

function prepareMove(
  member: SwapMember,
  captured: ReadonlyMap<string, CapturedRelation>,
  room: ReadonlyMap<string, string>,
): Move<MovedRelation> {
  const { view, comingId } = member
  const from = waitingPlace(member)
  const coming = comingId === null ? undefined : captured.get(formatAddress(from))
  if ((coming?.id ?? null) !== comingId) {
    throw new DuroError(
      'swap',
      `the version of ${view.name} in ${from.schema} is not the one that duro made`,
      {
        hint: 'Somebody dropped or replaced it. Run duro refresh again.',
      },
    )
  }
  const going = captured.get(formatAddress(addressOf(view, 'live')))
  if (going !== undefined && relationKind(going.kind) === 'table' && !member.replaceable.includes(going.id)) {
    throw tableOfOthers(view.name)
  }
  // It may have been attached to another table since the preflight, or since it was published.
  const obstacle = going === undefined ? null : inheritanceObstacle(going, view.name)
  if (obstacle !== null) throw new DuroError('swap', obstacle.message, { hint: obstacle.hint })
  return {
    name: view.name,
    live: addressOf(view, 'live'),
    from,
    to: { schema: room.get(view.schema) ?? '', name: view.relation },
    coming:
      coming === undefined
        ? null
        : {
            ...moved(coming, view.name),
            comment: parseMarker(coming.comment)?.comment ?? null,
            loosened: member.loosened,
          },
    going: going === undefined ? null : moved(going, view.name),
  }
}

function moved(relation: CapturedRelation, view: string): MovedRelation {
  const kind = relationKind(relation.kind)
  if (kind === null) {
    throw new DuroError('preflight', `what stands under the name ${view} is no table and no view`, {
      hint: 'Rename it, or rename the view.',
    })
  }
  const { id, owner, comment, statistics, objects, columns } = relation
  const sequences = columns.flatMap((column) => (column.identity === null ? [] : [column.identity.sequence]))
  return { id, kind, owner, comment, statistics, objects, sequences, loosened: [] }
}

const standsAt = (address: Address, relation: MovedRelation | null): string =>
  `to_regclass(${quoteLiteral(formatAddress(address))})::oid is not distinct from ` +
  (relation === null ? 'null' : `${relation.id}::oid`)
