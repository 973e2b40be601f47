import { DuroError } from '../../../errors.ts'
import type { Session } from './session.ts'

/** Milliseconds between two cancellations. */
const pause = 500

/**
 * Runs something on a session and cancels the statement on the server when the signal fires. The server needs
 * a few milliseconds for that; the caller gets the reason of the signal. A cancellation that arrives between two
 * statements is lost, so it is repeated until nothing runs any more.
 * @param control an idle session: the busy one cannot be told anything
 */
export async function interruptible<T>(
  session: Session,
  control: Session,
  signal: AbortSignal,
  run: () => Promise<T>,
): Promise<T> {
  signal.throwIfAborted()
  let repeat: NodeJS.Timeout | undefined
  const cancel = (): void => {
    // When the control session is gone too, the server notices the lost client by itself within a second.
    control.query(cancelStatement, [session.pid]).catch(() => undefined)
    repeat = setTimeout(cancel, pause)
  }
  signal.addEventListener('abort', cancel, { once: true })
  try {
    return await run()
  } catch (error) {
    if (signal.aborted) throw interruption(signal, error)
    throw error
  } finally {
    signal.removeEventListener('abort', cancel)
    clearTimeout(repeat)
  }
}

/** The way back is spared: a rollback that is cancelled would leave the session in its failed transaction. */
const cancelStatement = `
  select pg_cancel_backend(pid) from pg_stat_activity
  where pid = $1 and state = 'active' and query not ilike 'rollback%'`

function interruption(signal: AbortSignal, cause: unknown): unknown {
  return signal.reason instanceof Error
    ? signal.reason
    : new DuroError('interrupted', 'interrupted', { cause })
}
