import { DuroError, toError } from '../../../errors.ts'
import { formatAddress } from '../../../sql/identifiers.ts'
import { isConnectionLoss } from '../../connection-loss.ts'
import type { SwapMember, SwapOptions, SwapOutcome } from '../../engine.ts'
import { transaction } from '../../transaction.ts'
import { readRelations } from '../catalog/relations.ts'
import { isConflict, isInTheWay, pauseAfter } from '../conflict.ts'
import type { Connector } from '../connection/connector.ts'
import type { Session } from '../connection/session.ts'
import { explainFailure } from '../explain-failure.ts'
import { inUtc, renewStatement } from '../run-lock/lease.ts'
import type { HeldLock } from '../run-lock/run-lock.ts'
import { describeBlockers } from './blockers.ts'
import { catchUp } from './catch-up.ts'
import { lookAfterLoss } from './look-after-loss.ts'
import { prepareSwap, type PreparedSwap } from './prepare-swap.ts'
import { lockStatement, moveStatements, patience } from './swap-statements.ts'

/** Somebody replaced what the swap was prepared for: it is prepared anew. */
class ChangedMeanwhile extends Error {}

/**
 * Publishes all members in one transaction. Where others are in the way, or were faster, the whole transaction is tried
 * again: never one statement of it.
 * @throws DuroError when the swap cannot succeed; then nothing was published
 */
export async function swap(
  connector: Connector,
  lock: HeldLock,
  members: readonly SwapMember[],
  options: SwapOptions,
): Promise<SwapOutcome> {
  const { emit, signal } = options
  const deadline = Date.now() + options.giveUpAfter
  const waitedFor = new Set<string>()
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted()
    const tried = await tryOnce(connector, lock, members, options)
    if (tried.kind === 'done') {
      const { swapped, lockedFor } = tried
      emit({ type: 'swap-attempt', attempt, outcome: 'done', blockers: [], lockedFor })
      return { kind: 'done', attempts: attempt, waitedFor: [...waitedFor], lockedFor, swapped }
    }
    if (tried.kind === 'unknown') return { ...tried, attempts: attempt, waitedFor: [...waitedFor] }
    for (const blocker of tried.blockers) waitedFor.add(blocker)
    emit({ type: 'swap-attempt', attempt, outcome: 'blocked', blockers: tried.blockers, lockedFor: null })
    if (Date.now() >= deadline) return { kind: 'blocked', attempts: attempt, waitedFor: [...waitedFor] }
    await pauseAfter(attempt, signal)
  }
}

type Tried =
  | { kind: 'done'; swapped: PreparedSwap['swapped']; lockedFor: number }
  | { kind: 'blocked'; blockers: readonly string[] }
  | { kind: 'unknown'; error: Error }

async function tryOnce(
  connector: Connector,
  { claim, heartbeat }: HeldLock,
  members: readonly SwapMember[],
  options: SwapOptions,
): Promise<Tried> {
  let prepared = null as PreparedSwap | null
  let lockedAt = 0
  let isCommitting = false
  const steps = {
    onLocked: () => (lockedAt = performance.now()),
    onCommit: () => (isCommitting = true),
  }
  const since = (): number => (lockedAt === 0 ? 0 : performance.now() - lockedAt)
  try {
    const swapped = await connector.using((session) =>
      session.withQualifiedNames(async () => {
        await catchUp(session, members, options)
        const ready = await prepareSwap(session, members, options, claim)
        prepared = ready
        await heartbeat.silent(() => perform(session, ready, steps))
        return ready.swapped
      }),
    )
    return { kind: 'done', swapped, lockedFor: since() }
  } catch (error) {
    const ready = prepared
    if (ready !== null && (isCommitting || isConnectionLoss(error))) {
      const found = await lookAfterLoss(connector, ready)
      if (found === 'swapped') return { kind: 'done', swapped: ready.swapped, lockedFor: since() }
      if (found === 'unknown') return { kind: 'unknown', error: toError(error) }
    }
    const mayTryAgain =
      isConflict(error) || isInTheWay(error) || isConnectionLoss(error) || error instanceof ChangedMeanwhile
    if (!mayTryAgain) {
      const what = 'the new versions could not be published'
      throw explainFailure(error, { code: 'swap', what, file: null })
    }
    return { kind: 'blocked', blockers: ready === null ? [] : await findBlockers(connector, ready) }
  }
}

/** One transaction, each statement on its own: Redshift wants the lock to be alone. */
async function perform(
  session: Session,
  prepared: PreparedSwap,
  { onLocked, onCommit }: { onLocked: () => void; onCommit: () => void },
): Promise<void> {
  // 1. The time for each statement counts what it waits. Set before the transaction, whose first statement is the lock.
  await session.query(inUtc)
  await session.query(`set statement_timeout to ${patience.lock}`)
  const work = async (): Promise<void> => {
    // 2. All locks at once.
    await session.query(lockStatement(prepared))
    onLocked()
    await session.query(`set statement_timeout to ${patience.statement}`)
    // 3. The run lock is still ours. It is written to, so that nobody can take it over before the commit.
    if ((await session.change(renewStatement(prepared.claim))) !== 1) {
      throw new DuroError('swap', 'another run has taken over the run lock, and nothing was published', {
        hint: 'This run was silent for too long. Its new versions go with the next run or duro cleanup.',
      })
    }
    // 4. What is moved is what was looked at.
    await assertUnchanged(session, prepared)
    // 5. The renames, the views that are bound, and the books.
    for (const statement of moveStatements(prepared)) await session.query(statement)
  }
  // 6. Whatever is answered to the commit, it may have been done.
  await transaction(session, 'begin', work, onCommit)
}

async function assertUnchanged(session: Session, { moves }: PreparedSwap): Promise<void> {
  const expected = moves.flatMap(({ live, from, to, coming, going }) => [
    { at: live, id: going?.id ?? null },
    ...(coming === null ? [] : [{ at: from, id: coming.id }]),
    ...(going === null ? [] : [{ at: to, id: null }]),
  ])
  const found = await readRelations(
    session,
    expected.map(({ at }) => at),
  )
  const isSame = expected.every(({ at, id }) => (found.get(formatAddress(at))?.id ?? null) === id)
  if (!isSame) throw new ChangedMeanwhile('the database changed while the swap was prepared')
}

async function findBlockers(connector: Connector, { moves }: PreparedSwap): Promise<string[]> {
  const ids = moves.flatMap(({ coming, going }) => [coming?.id ?? null, going?.id ?? null])
  return connector
    .using((session) =>
      describeBlockers(
        session,
        ids.filter((id) => id !== null),
      ),
    )
    .catch(() => [])
}
