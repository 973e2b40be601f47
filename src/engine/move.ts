import type { ViewName } from '../project/view.ts'
import type { Address } from '../sql/identifiers.ts'
import type { SwappedIds } from './engine.ts'

/** One view of a swap: the relation that comes, and the one that goes. */
export interface Move<Relation> {
  name: ViewName
  live: Address
  /** Where the coming relation waits. */
  from: Address
  /** Where the going one will be kept. */
  to: Address
  /** Null: nothing becomes live in its place. */
  coming: Relation | null
  /** Null: nothing is live yet. */
  going: Relation | null
}

/** @param loosenedBy what a move takes from the relation that goes */
export function swappedIds<Relation extends { id: number }>(
  moves: readonly Move<Relation>[],
  loosenedBy: (move: Move<Relation>) => readonly string[] = () => [],
): SwappedIds[] {
  return moves.map((move) => ({
    view: move.name,
    comingId: move.coming?.id ?? null,
    goingId: move.going?.id ?? null,
    keptAt: move.to,
    loosened: loosenedBy(move),
  }))
}
