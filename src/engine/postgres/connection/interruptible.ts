import { DuroError } from '../../../errors.ts'
import type { Session } from './session.ts'

/**
 * Runs something on a session and cancels the statement on the server when the signal fires. The server needs
 * a few milliseconds for that; the caller gets the statement's error, or the reason of the signal.
 * @param control an idle session: the busy one cannot be told anything
 */
export async function interruptible<T>(
  session: Session,
  control: Session,
  signal: AbortSignal,
  run: () => Promise<T>,
): Promise<T> {
  signal.throwIfAborted()
  const cancel = (): void => {
    // When the control session is gone too, the server notices the lost client by itself within a second.
    control.query('select pg_cancel_backend($1)', [session.pid]).catch(() => undefined)
  }
  signal.addEventListener('abort', cancel, { once: true })
  try {
    return await run()
  } catch (error) {
    if (signal.aborted) throw interruption(signal, error)
    throw error
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}

function interruption(signal: AbortSignal, cause: unknown): unknown {
  return signal.reason instanceof Error
    ? signal.reason
    : new DuroError('interrupted', 'interrupted', { cause })
}
