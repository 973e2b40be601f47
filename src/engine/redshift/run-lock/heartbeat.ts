import type { Connector } from '../connection/connector.ts'
import type { Session } from '../connection/session.ts'
import { leaseTimes, pauseUnheard, renewStatement, type Claim } from './lease.ts'

/** Says again and again that a run is alive. */
export interface Heartbeat {
  /** Keeps still meanwhile: a transaction that writes to the same row must not be disturbed, and renews it itself. */
  silent<T>(callback: () => Promise<T>): Promise<T>
  stop(): Promise<void>
}

/** A connection of its own, opened again when it breaks: others take a silent run for dead. */
export function startHeartbeat(connector: Connector, claim: Claim): Heartbeat {
  const stopped = new AbortController()
  let session: Session | null = null
  let beating: Promise<void> = Promise.resolve()
  let holdingStill = 0

  async function beat(): Promise<void> {
    try {
      session ??= await connector.open()
      await session.query('set statement_timeout to 10000')
      await session.query(renewStatement(claim))
    } catch {
      // The next beat tries again; that the lock is lost shows when the swap asks for it.
      await session?.end().catch(() => undefined)
      session = null
    }
  }

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
    async stop() {
      stopped.abort()
      await running
      await session?.end().catch(() => undefined)
    },
  }
}
