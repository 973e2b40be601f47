import type { Connector } from '../connection/connector.ts'
import type { Session } from '../connection/session.ts'
import { createTurns } from '../../turns.ts'
import { inUtc, leaseTimes, pauseUnheard, renewStatement, type Claim } from './lease.ts'

import { noteStatement } from './noted-sessions.ts'

/** Says again and again that a run is alive. */
export interface Heartbeat {
  /** Keeps still meanwhile: a transaction that writes to the same row must not be disturbed, and renews it itself. */
  silent<T>(callback: () => Promise<T>): Promise<T>
  /** Writes down that a session belongs to the run, so that the next one can end it if this one is killed. */
  note(session: Pick<Session, 'pid'>): Promise<void>
  stop(): Promise<void>
}

/** A connection of its own, opened again when it breaks: others take a silent run for dead. */
export function startHeartbeat(connector: Connector, claim: Claim): Heartbeat {
  const stopped = new AbortController()
  let session: Session | null = null
  let beating: Promise<void> = Promise.resolve()
  let holdingStill = 0

  async function openSpeaker(): Promise<Session> {
    const opened = await connector.open()
    await opened.query(inUtc)
    await opened.query('set statement_timeout to 10000')
    return opened
  }

  async function say(statement: string): Promise<void> {
    try {
      session ??= await openSpeaker()
      await session.query(statement)
    } catch {
      // The next beat tries again; that the lock is lost shows when the swap asks for it.
      await session?.end().catch(() => undefined)
      session = null
    }
  }

  const speak = createTurns()
  const beat = (): Promise<void> => speak(() => say(renewStatement(claim)))

  const running = (async () => {
    while (!stopped.signal.aborted) {
      await pauseUnheard(leaseTimes.renewed, stopped.signal)
      if (stopped.signal.aborted || holdingStill > 0) continue
      beating = beat()
      await beating
    }
  })()

  return {
    async silent(callback) {
      holdingStill += 1
      try {
        await beating
        return await callback()
      } finally {
        holdingStill -= 1
      }
    },
    note: ({ pid }) => speak(() => say(noteStatement(claim, pid))),
    async stop() {
      stopped.abort()
      await running
      await session?.end().catch(() => undefined)
    },
  }
}
