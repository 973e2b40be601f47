import { setMaxListeners } from 'node:events'
import { DuroError } from '../errors.ts'

/** Milliseconds between two cancellations. */
const pause = 500

/**
 * Runs something on a session and has its statement cancelled on the server when the signal fires. The server needs
 * a few milliseconds for that; the caller gets the reason of the signal. A cancellation that arrives between two
 * statements is lost, so it is repeated until nothing runs any more.
 * @param cancel asks the server, on another session: the busy one cannot be told anything
 */
export async function interruptible<T>(
  cancel: () => Promise<unknown>,
  signal: AbortSignal,
  run: () => Promise<T>,
): Promise<T> {
  signal.throwIfAborted()
  let repeat: NodeJS.Timeout | undefined
  let cancelled: Promise<unknown> = Promise.resolve()
  const cancelAgain = (): void => {
    // When the other session is gone too, the server notices the lost client by itself.
    cancelled = cancel().catch(() => undefined)
    repeat = setTimeout(cancelAgain, pause)
  }
  // All that is done at once in a run listens to one signal: more than Node.js takes for a leak.
  setMaxListeners(0, signal)
  signal.addEventListener('abort', cancelAgain, { once: true })
  try {
    return await run()
  } catch (error) {
    if (signal.aborted) throw interruption(signal, error)
    throw error
  } finally {
    signal.removeEventListener('abort', cancelAgain)
    clearTimeout(repeat)
    // Until it has arrived it could hit what the session does next.
    await cancelled
  }
}

function interruption(signal: AbortSignal, cause: unknown): unknown {
  return signal.reason instanceof Error
    ? signal.reason
    : new DuroError('interrupted', 'interrupted', { cause })
}
