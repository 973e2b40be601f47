import { formatAddress, quoteIdentifier, type Address } from '../../../sql/identifiers.ts'
import type { Move } from '../../move.ts'
import type { Dependent } from '../catalog/dependents.ts'
import { inUtc, renewStatement, type Claim } from '../run-lock/lease.ts'
import type { StoredKind } from '../statements/create-relation.ts'

/** A relation on one side of a move. */
export interface MovedRelation {
  id: number
  kind: StoredKind
}

export interface Swap {
  claim: Pick<Claim, 'table' | 'owner' | 'fence'>
  /** Upstream first. */
  moves: readonly Move<MovedRelation>[]
  /** The views of others that are bound to what goes. */
  dependents: readonly Dependent[]
  bookkeeping: readonly string[]
}

/** For one statement, in milliseconds: who waits for a lock keeps all later readers waiting. */
export const patience = { lock: 5000, statement: 60_000 }

/**
 * Before anything else in the transaction, and alone. It takes tables only; with the table of the run lock among them
 * neither a heartbeat nor another run can be in the way, and whoever waits for that knows when the swap is over.
 */
export function lockStatement({ claim, moves }: Swap): string {
  const tables = moves.flatMap(({ coming, going, from, live }) => [
    ...(going?.kind === 'table' ? [live] : []),
    ...(coming?.kind === 'table' ? [from] : []),
  ])
  return `lock ${[claim.table, ...tables].map(formatAddress).join(', ')}`
}

/** Once all is locked and shown to be as it was: the renames, what others have built on it, and what is written down. */
export function moveStatements({ moves, dependents, bookkeeping }: Swap): string[] {
  return [
    ...moves.flatMap(({ going, live, to }) => (going === null ? [] : [rename(live, to)])),
    ...moves.flatMap(({ coming, from, live }) => (coming === null ? [] : [rename(from, live)])),
    ...dependents.map(bindAgain),
    ...bookkeeping,
  ]
}

/** Of a plain view too. */
const rename = (from: Address, to: Address): string =>
  `alter table ${formatAddress(from)} rename to ${quoteIdentifier(to.name)}`

/** Its owner and its grants stay. The definition was printed while the live name meant what goes. */
const bindAgain = (view: Dependent): string =>
  `create or replace view ${formatAddress(view)} as\n${view.definition}`

/** The whole, as `plan --sql` shows it. */
export const swapStatements = (swap: Swap): string[] => [
  inUtc,
  `set statement_timeout to ${patience.lock}`,
  'begin',
  lockStatement(swap),
  `set statement_timeout to ${patience.statement}`,
  renewStatement(swap.claim),
  ...moveStatements(swap),
  'commit',
]
