import { setTimeout as sleep } from 'node:timers/promises'
import type { QueryResult } from 'pg'
import { DuroError, toError } from '../../../errors.ts'
import type { SwapMember, SwapOptions, SwapOutcome } from '../../engine.ts'
import { errorCodeOf, isConnectionLoss } from '../../connection-loss.ts'
import type { Connector } from '../connection/connector.ts'
import type { Session } from '../connection/session.ts'
import { makeSchemas } from '../shadow-schemas.ts'
import { explainFailure } from '../sql-error.ts'
import { describeBlockers, watchSwap } from './monitor.ts'
import { catchUp } from './catch-up.ts'
import { cancelAutovacuum } from './cancel-autovacuum.ts'
import { lookAfterLoss } from './look-after-loss.ts'
import { findRoom } from './find-room.ts'
import { noteLive } from './note-live.ts'
import { keptAs, prepareSwap, type PreparedSwap } from './prepare-swap.ts'
import { guardFailed, swapScript } from './swap-statements.ts'

/** Left of `deadlock_timeout` for the server to act in, in milliseconds. */
const margin = 100

/** Milliseconds between two attempts: the first pause at most, and the longest. */
const pause = { first: 50, longest: 1000 }

/** What PostgreSQL answers when somebody is in the way: cancelled or timed out, lock not available, deadlock. */
const inTheWay = new Set(['57014', '55P03', '40P01'])

/**
 * Publishes all members in one transaction, and tries again while readers are in the way.
 * @param fence SQL that is true while this run holds the run lock
 * @throws DuroError when the swap cannot succeed; then nothing was published
 */
export async function swap(
  connector: Connector,
  members: readonly SwapMember[],
  options: SwapOptions,
  fence: string,
): Promise<SwapOutcome> {
  return connector.using('swap monitor', async (monitor) => {
    const deadline = Date.now() + options.giveUpAfter
    const lockBudget = await readLockBudget(monitor)
    const room = await findRoom(monitor, members, keptAs(options.direction))
    await makeSchemas(monitor, [...room.keys()], (schema) => [room.get(schema) ?? ''])
    const waitedFor = new Map<number, string>()
    const refused = new Set<string>()
    for (let attempt = 1; ; attempt++) {
      options.signal.throwIfAborted()
      const tried = await connector.using('swap', async (session) => {
        const unchanged = await noteLive(session, members)
        await catchUp(session, members, { ...options, refused })
        const prepared = await prepareSwap(session, members, options, { fence, room, unchanged })
        await cancelAutovacuum(monitor, prepared.swapped)
        return { prepared, ...(await tryOnce(session, monitor, prepared, lockBudget)) }
      })
      const blockers = await describeBlockers(monitor, [...tried.blockers])
      for (const { pid, blocker } of blockers) waitedFor.set(pid, blocker)
      const sofar = { attempts: attempt, waitedFor: [...waitedFor.values()] }
      const finished = (lockedFor: number): SwapOutcome => {
        options.emit({ type: 'swap-attempt', attempt, outcome: 'done', blockers: [], lockedFor })
        return { ...sofar, kind: 'done', lockedFor, swapped: tried.prepared.swapped }
      }
      if (tried.error === null) return finished(tried.lockedFor)
      if (isConnectionLoss(tried.error)) {
        const found = await lookAfterLoss(connector, tried.prepared, tried.pid)
        if (found === 'swapped') return finished(tried.lockedFor)
        if (found === 'unknown') return { ...sofar, kind: 'unknown', error: toError(tried.error) }
      } else if (!mayTryAgain(tried.error)) {
        throw explainFailure(tried.error, {
          code: 'swap',
          what: 'the new versions could not be published',
          file: null,
        })
      }
      await assertLockIsHeld(connector, tried.error, fence)
      options.emit({
        type: 'swap-attempt',
        attempt,
        outcome: 'blocked',
        blockers: blockers.map(({ blocker }) => blocker),
        lockedFor: null,
      })
      if (Date.now() >= deadline) return { ...sofar, kind: 'blocked' }
      await sleep(pauseAfter(attempt), undefined, { signal: options.signal }).catch(() => undefined)
    }
  })
}

/** Who has lost the run lock will not get it back, however often it is tried. */
async function assertLockIsHeld(connector: Connector, error: unknown, fence: string): Promise<void> {
  if (errorCodeOf(error) !== guardFailed && !isConnectionLoss(error)) return
  const [row] = await connector.using('look', (session) =>
    session.query<{ held: boolean }>(`select ${fence} as held`),
  )
  if (row?.held) return
  throw new DuroError('swap', 'the session that held the run lock was lost, and nothing was published', {
    hint: 'The new versions are kept. `duro swap` publishes them.',
  })
}

interface Attempt {
  error: unknown
  blockers: ReadonlySet<number>
  /** Milliseconds from the first lock to the commit. */
  lockedFor: number
  pid: number
}

async function tryOnce(
  session: Session,
  monitor: Session,
  prepared: PreparedSwap,
  lockBudget: number,
): Promise<Attempt> {
  const watch = watchSwap(monitor, session.pid)
  const attempt = { blockers: watch.blockers, pid: session.pid }
  try {
    // Several statements in one text give several results, which the driver's types do not know.
    const results: unknown = await session.client.query(swapScript({ ...prepared, lockBudget }))
    return { ...attempt, error: null, lockedFor: timeBetween(results) }
  } catch (error) {
    return { ...attempt, error, lockedFor: 0 }
  } finally {
    await watch.stop()
  }
}

/** From the first to the last of the results that tell the time. */
function timeBetween(results: unknown): number {
  const times = (Array.isArray(results) ? results : [])
    .flatMap((result: QueryResult<{ at?: string }>) => result.rows.map((row) => Number(row.at)))
    .filter((time) => !Number.isNaN(time))
  return Math.max((times.at(-1) ?? 0) - (times[0] ?? 0), 0)
}

const mayTryAgain = (error: unknown): boolean => {
  const code = errorCodeOf(error) ?? ''
  return inTheWay.has(code) || code === guardFailed || isChangedRow(error)
}

/** Until PostgreSQL 17 a GRANT locks nothing but the row of the catalog: it is waited for only to find that row changed. */
const isChangedRow = (error: unknown): boolean =>
  errorCodeOf(error) === 'XX000' && toError(error).message === 'tuple concurrently updated'

/** Waiting for locks ends before the server would look for a deadlock. */
async function readLockBudget(session: Session): Promise<number> {
  const [row] = await session.query<{ timeout: number }>(
    "select setting::integer as timeout from pg_settings where name = 'deadlock_timeout'",
  )
  const timeout = row?.timeout ?? 1000
  return Math.max(timeout - margin, Math.ceil(timeout / 2))
}

/** Grows, with jitter so that it does not keep step with whoever is in the way. */
function pauseAfter(attempt: number): number {
  const longest = Math.min(pause.first * 2 ** Math.min(attempt - 1, 10), pause.longest)
  return longest * (0.5 + Math.random() / 2)
}
