import { DuroError } from '../../../errors.ts'
import { formatAddress, type Address } from '../../../sql/identifiers.ts'
import type { SwapMember, SwapOptions, SwappedIds } from '../../engine.ts'
import { swappedIds, type Move } from '../../move.ts'
import { readDependents } from '../catalog/dependents.ts'
import { readRelations, type Relation } from '../catalog/relations.ts'
import type { Session } from '../connection/session.ts'
import { obstacleOf, readRole } from '../obstacle.ts'
import { addressOf, waitingPlace } from '../places.ts'
import type { Claim } from '../run-lock/lease.ts'
import { tableOfOthers } from '../../table-of-others.ts'
import { findRoom } from './find-room.ts'
import type { MovedRelation, Swap } from './swap-statements.ts'

export type PreparedSwap = Swap & { swapped: readonly SwappedIds[] }

/** Looks at what is to be moved and at all that is bound to it. Under the locks it is looked at again. */
export async function prepareSwap(
  session: Session,
  members: readonly SwapMember[],
  options: SwapOptions,
  claim: Claim,
): Promise<PreparedSwap> {
  const room = await findRoom(
    session,
    members.map(({ view }) => view),
    options.direction,
  )
  const found = await readRelations(
    session,
    members.flatMap((member) => [addressOf(member.view, 'live'), waitingPlace(member)]),
  )
  const moves = members.map((member) => prepareMove(member, found, room))
  const goingIds = moves.flatMap(({ going }) => (going === null ? [] : [going.id]))
  const dependents = (await readDependents(session, goingIds)).filter(({ id }) => !goingIds.includes(id))
  const role = await readRole(session)
  for (const dependent of dependents) {
    const view = moves.find(({ going }) => going?.id === dependent.relation)?.name ?? ''
    const obstacle = obstacleOf(dependent, view, role)
    if (obstacle === null) continue
    const kept =
      options.direction === 'publish' ? ' The new versions are kept: `duro swap` publishes them.' : ''
    throw new DuroError('swap', obstacle.message, { hint: `${obstacle.hint}${kept}` })
  }
  const swapped = swappedIds(moves)
  const distinct = new Map(dependents.map((dependent) => [dependent.id, dependent]))
  return {
    claim,
    moves,
    dependents: [...distinct.values()],
    bookkeeping: options.bookkeeping(swapped, []),
    swapped,
  }
}

function prepareMove(
  member: SwapMember,
  found: ReadonlyMap<string, Relation>,
  room: ReadonlyMap<string, Address>,
): Move<MovedRelation> {
  const { view, comingId } = member
  const [live, from] = [addressOf(view, 'live'), waitingPlace(member)]
  const coming = comingId === null ? undefined : found.get(formatAddress(from))
  if ((coming?.id ?? null) !== comingId) {
    throw new DuroError(
      'swap',
      `${from.schema}.${from.name} is not the version of ${view.name} that duro made`,
      {
        hint: 'Somebody dropped or replaced it. Run duro refresh again.',
      },
    )
  }
  const going = found.get(formatAddress(live))
  if (going?.kind === 'table' && !member.replaceable.includes(going.id)) throw tableOfOthers(view.name)
  const to = room.get(view.name) ?? addressOf(view, 'old')
  return { name: view.name, live, from, to, coming: moved(coming), going: moved(going) }
}

function moved(relation: Relation | undefined): MovedRelation | null {
  if (relation === undefined) return null
  const { id, kind, schema, name } = relation
  if (kind !== 'materialized view') return { id, kind }
  throw new DuroError(
    'swap',
    `${schema}.${name} is a materialized view of Redshift itself, which cannot be renamed`,
    {
      hint: 'Drop it, or rename the view.',
    },
  )
}
