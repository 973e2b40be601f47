import { randomUUID } from 'node:crypto'
import { hostname, userInfo } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { DuroError, toError } from '../../../errors.ts'
import { isConnectionLoss } from '../../connection-loss.ts'
import type { Address } from '../../../sql/identifiers.ts'
import type { LockOptions } from '../../engine.ts'
import type { Connector } from '../connection/connector.ts'
import { startHeartbeat, type Heartbeat } from './heartbeat.ts'
import type { Session } from '../connection/session.ts'
import { endNotedSessions, forgetOwnStatement } from './noted-sessions.ts'
import { makeLeaseTable } from './lease-table.ts'
import { inUtc, releaseStatement, tryClaim, type Claim } from './lease.ts'

/** Milliseconds between two tries to get the lock. */
const pollInterval = 500

/** The lock as its holder has it. */
export interface HeldLock {
  claim: Claim
  heartbeat: Heartbeat
}

/**
 * Redshift has no lock that ends with a session, so the lock is a row with an end: who holds it moves the end on, and
 * who is killed is silent, and loses it.
 */
export async function usingRunLock<T>(
  connector: Connector,
  table: Address,
  options: LockOptions,
  callback: (lock: HeldLock) => Promise<T>,
): Promise<T> {
  const claim = await acquire(connector, table, options)
  const heartbeat = startHeartbeat(connector, claim)
  try {
    return await callback({ claim, heartbeat })
  } finally {
    await heartbeat.stop()
    await release(connector, claim)
  }
}

async function acquire(connector: Connector, table: Address, options: LockOptions): Promise<Claim> {
  const deadline = Date.now() + options.wait
  const owner = randomUUID()
  const who = { owner, label: options.label, holder: `${userName()}@${hostname()}, process ${process.pid}` }
  const attempt = connector.using(async (session) => {
    await makeLeaseTable(session, table)
    await session.query(inUtc)
    for (let announced = false; ; announced = true) {
      const claim = await tryClaim(session, table, who, options.signal)
      if (typeof claim !== 'string') {
        await endWhatIsLeft(session, claim, options)
        return claim
      }
      if (Date.now() >= deadline) {
        throw new DuroError('locked', `another run holds the lock: ${claim}`, {
          hint: 'Wait for it with --wait 10m, or try again later. A run that was killed loses the lock within a minute.',
        })
      }
      if (!announced) options.emit({ type: 'waiting-for-lock', holder: claim })
      await sleep(Math.min(pollInterval, Math.max(deadline - Date.now(), 0)), undefined, {
        signal: options.signal,
      }).catch(() => options.signal.throwIfAborted())
    }
  })
  return attempt.catch(async (error: unknown) => {
    // When the connection broke as the lock was taken, nobody else could have it for as long as it lasts.
    if (isConnectionLoss(error)) await release(connector, { table, owner, fence: null })
    throw error
  })
}

/** The run can do without: a build that finds its name taken says so. */
async function endWhatIsLeft(session: Session, claim: Claim, { emit }: LockOptions): Promise<void> {
  try {
    const ended = await endNotedSessions(session, claim)
    if (ended > 0) {
      const sessions = ended === 1 ? 'a session' : `${ended} sessions`
      emit({ type: 'notice', message: `ended ${sessions} of a run that was killed, on the server` })
    }
  } catch (error) {
    if (isConnectionLoss(error)) throw error
    const message = `what a run that was killed left on the server could not be ended: ${toError(error).message}`
    emit({ type: 'warning', message })
  }
}

/** How often it is tried: a lock that stays keeps the next run waiting. Where the server is gone, it ends by itself. */
const most = 3

async function release(
  connector: Connector,
  claim: Omit<Claim, 'fence'> & { fence: number | null },
): Promise<void> {
  for (let tried = 1; tried <= most; tried++) {
    try {
      await connector.using(async (session) => {
        await session.query(inUtc)
        await session.query(forgetOwnStatement(claim))
        await session.query(releaseStatement(claim))
      })
      return
    } catch {
      await sleep(tried * 100)
    }
  }
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.() ?? 'unknown') // a container's user without a name
  }
}
