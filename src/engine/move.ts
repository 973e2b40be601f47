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

export const swappedIds = (moves: readonly Move<{ id: number }>[]): SwappedIds[] =>
  moves.map(({ name, coming, going, to }) => ({
    view: name,
    comingId: coming?.id ?? null,
    goingId: going?.id ?? null,
    keptAt: to,
  }))
