import { printAlike } from '../connection/transaction.ts'
import { formatAddress, quoteIdentifier, quoteLiteral, type Address } from '../../../sql/identifiers.ts'
import type { CapturedStatistics } from '../catalog/captured-relation.ts'
import { about, type Around, type OwnObject } from '../catalog/own-objects.ts'
import type { Dependent, Remedy } from '../catalog/dependents.ts'
import type { Move } from '../../move.ts'
import type { RelationKind } from '../relation-kind.ts'
import { commentStatement, formatMarker } from '../statements/marker.ts'

/** A relation on one side of a move. */
export interface MovedRelation {
  id: number
  kind: RelationKind
  owner: string
  /** The comment that belongs on it while it is live. */
  comment: string | null
  statistics: readonly CapturedStatistics[]
  /** Triggers, policies and the like. */
  objects: readonly OwnObject[]
  /** Names of the sequences of identity columns, which lie in the relation's schema. */
  sequences: readonly string[]
  /** Statements that make again what it has lost when one of another kind took its place. */
  loosened: readonly string[]
}

export interface Swap {
  runId: string
  /** What the relations that were live are from now on. */
  keptAs: 'new' | 'old'
  /** Upstream first. */
  moves: readonly Move<MovedRelation>[]
  dependents: readonly Dependent[]
  /** No-ops on functions that know a view's row type, so that live sessions compile them anew. */
  recompile: readonly string[]
  /** True while nothing has changed that the swap was prepared for; the swap stops where it is false. */
  guards: readonly string[]
  bookkeeping: readonly string[]
  /** Milliseconds for all waits together; below the server's deadlock_timeout, see `swapScript`. */
  lockBudget: number
}

/** The no-op that locks exactly one relation of any kind: LOCK TABLE takes no materialized views. */
const lock = (relation: MovedRelation, address: Address): string =>
  `alter ${relation.kind} ${formatAddress(address)} owner to ${quoteIdentifier(relation.owner)}`

/**
 * The whole swap as one text, sent at once: it is never open between two round trips, so that a cut network
 * cannot leave readers waiting for locks that nobody will release.
 *
 * The locks are taken within one DO block, whose time the server counts as one statement: the sum of all waits
 * stays below `deadlock_timeout`, after which the server might end a reader instead of us.
 */
export function swapScript(swap: Swap): string {
  return [
    'begin',
    printAlike,
    'select extract(epoch from clock_timestamp()) * 1000 as at',
    `set local statement_timeout = ${swap.lockBudget}`,
    block([...lockStatements(swap), ...swap.guards.map(guard)]),
    'set local statement_timeout = 0',
    // Nothing should wait any more; what still does must not make readers wait with it.
    `set local lock_timeout = ${swap.lockBudget}`,
    ...moveStatements(swap),
    ...swap.bookkeeping,
    'select extract(epoch from clock_timestamp()) * 1000 as at',
    'commit',
  ].join(';\n')
}

const block = (statements: readonly string[]): string =>
  `do ${quoteLiteral(`begin\n${statements.map((statement) => `  ${statement};`).join('\n')}\nend`)}`

/** The class is duro's own: no error of the server can be taken for it. */
export const guardFailed = 'DU001'

const guard = (condition: string): string =>
  `if not (${condition}) then raise exception using errcode = '${guardFailed}', message = 'the database changed while the swap was prepared'; end if`

/** In the order in which readers lock: views before what they read, the top of a chain first. */
export function lockStatements(swap: Swap): string[] {
  const coming = swap.moves.flatMap((move) => (move.coming === null ? [] : [lock(move.coming, move.from)]))
  const dependents = remediesFromBelow(swap.dependents)
    .toReversed()
    .map((remedy) => remedy.lock)
  const going = swap.moves
    .toReversed()
    .flatMap((move) => (move.going === null ? [] : [lock(move.going, move.live)]))
  const others = swap.moves.flatMap((move) => (move.going?.objects ?? []).map((object) => object.lock))
  return [...coming, ...distinct(dependents), ...going, ...distinct(others)]
}

export function moveStatements(swap: Swap): string[] {
  const remedies = remediesFromBelow(swap.dependents)
  return [
    ...distinct(remedies.map((remedy) => remedy.before)),
    ...swap.moves.flatMap((move) => (move.going === null ? [] : retire(move, move.going, swap))),
    ...swap.moves.flatMap((move) => staleObjects(move).flatMap(({ clear }) => cleared(move.from, clear))),
    ...swap.moves.flatMap((move) => (move.coming === null ? [] : publish(move, move.coming))),
    ...swap.moves.flatMap(missingObjects).flatMap((object) => object.create),
    ...swap.moves.flatMap(continueSequences),
    // What lies beneath is replayed before what is built on it.
    ...distinct(remedies.map((remedy) => remedy.replay)),
    ...swap.recompile,
  ]
}

/**
 * What would hold locks for long, and can wait until the swap is done: validating foreign keys. So can what a version
 * that goes back lacks already: it may refer to what is not there any more, which is no reason not to go back.
 */
export function followUpStatements(swap: Pick<Swap, 'moves' | 'dependents'>): string[] {
  return distinct([
    ...swap.moves.flatMap(missingObjects).flatMap((object) => object.afterwards),
    ...swap.dependents.map(({ remedy }) => remedy?.afterwards ?? null),
    ...swap.moves.flatMap((move) => (isReplaced(move) ? [] : (move.coming?.loosened ?? []))),
  ])
}

/** What lies beneath comes before what is built on it. A dependent of two views of the run comes once. */
function remediesFromBelow(dependents: readonly Dependent[]): Remedy[] {
  const remedies = dependents.flatMap(({ remedy }) => (remedy === null ? [] : [remedy]))
  const byId = new Map(remedies.flatMap((remedy) => (remedy.id === null ? [] : [[remedy.id, remedy]])))
  const ordered = new Map<string, Remedy>()
  const visit = (remedy: Remedy): void => {
    if (ordered.has(remedy.replay)) return
    for (const id of remedy.reads) {
      const below = byId.get(id)
      if (below !== undefined) visit(below)
    }
    ordered.set(remedy.replay, remedy)
  }
  for (const remedy of remedies) visit(remedy)
  return [...ordered.values()]
}

const distinct = (statements: readonly (string | null)[]): string[] => [
  ...new Set(statements.filter((statement) => statement !== null)),
]

function retire(move: Move<MovedRelation>, going: MovedRelation, { runId, keptAs }: Swap): string[] {
  const marker = formatMarker({ place: keptAs, run: runId, comment: going.comment })
  return [
    ...going.objects.flatMap(
      ({ loosen, binds, clear }) => loosen ?? (isReplaced(move) && binds ? cleared(move.live, clear) : []),
    ),
    ...going.statistics.map((statistics) => moveStatistics(statistics, statistics.schema, move.to.schema)),
    setSchema(going.kind, move.live, move.to.schema),
    commentStatement(going.kind, formatAddress(move.to), marker),
  ]
}

/** What is taken from the relation that goes, and the one that comes does not get, as statements that make it again. */
export const loosenedBy = (move: Move<MovedRelation>): string[] =>
  isReplaced(move)
    ? []
    : (move.going?.objects ?? []).flatMap(({ loosen, create, afterwards }) =>
        loosen === null ? [] : [...create, ...afterwards],
      )

/** An identity column counts on from where the version that goes has come to, if the new one is not further. */
function continueSequences({ coming, going, live, to }: Move<MovedRelation>): string[] {
  const present = new Set(coming?.sequences)
  return (going?.sequences ?? [])
    .filter((name) => present.has(name))
    .map((name) => {
      const own = quoteLiteral(formatAddress({ schema: live.schema, name }))
      const [next, last] = [
        { schema: live.schema, name },
        { schema: to.schema, name },
      ].map(formatAddress)
      return `select setval(${own}, old.last_value, old.is_called)
        from ${last} as old, ${next} as new, pg_catalog.pg_sequence as s
        where s.seqrelid = ${own}::regclass and (old.last_value::numeric - new.last_value) * sign(s.seqincrement) >= 0`
    })
}

/**
 * What hangs on the relation that comes as it did on an earlier version: it is made anew as it is by now. What decides
 * who sees its rows stands on every new version, and reads the live ones of other views until then.
 */
const staleObjects = (move: Move<MovedRelation>): readonly OwnObject[] =>
  isReplaced(move) ? (move.coming?.objects ?? []).filter(({ clear }) => clear !== null) : []

const cleared = (address: Address, clear: Around | null): string[] =>
  clear === null ? [] : [about(formatAddress(address), clear)]

/** What hangs on the relation that goes, by name, and not on the one that comes. */
function missingObjects(move: Move<MovedRelation>): readonly OwnObject[] {
  if (!isReplaced(move)) return []
  const kept = (move.coming?.objects ?? []).filter(({ clear }) => clear === null)
  return (move.going?.objects ?? []).filter(({ key }) => !kept.some((object) => object.key === key))
}

/** By one of its kind, to which everything that hangs on it can go over. */
const isReplaced = ({ going, coming }: Move<MovedRelation>): boolean =>
  going !== null && going.kind === coming?.kind

function publish(move: Move<MovedRelation>, coming: MovedRelation): string[] {
  return [
    setSchema(coming.kind, move.from, move.live.schema),
    commentStatement(coming.kind, formatAddress(move.live), coming.comment),
    ...coming.statistics.map((statistics) =>
      moveStatistics(statistics, statistics.schema, schemaOfStatistics(statistics.name, move)),
    ),
  ]
}

/** Statistics objects may live in another schema than their relation: where the one that goes has its own. */
const schemaOfStatistics = (name: string, { going, live }: Move<MovedRelation>): string =>
  going?.statistics.find((statistics) => statistics.name === name)?.schema ?? live.schema

const setSchema = (kind: RelationKind, address: Address, schema: string): string =>
  `alter ${kind} ${formatAddress(address)} set schema ${quoteIdentifier(schema)}`

const moveStatistics = ({ name }: CapturedStatistics, from: string, to: string): string =>
  `alter statistics ${formatAddress({ schema: from, name })} set schema ${quoteIdentifier(to)}`
