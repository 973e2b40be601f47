import { once } from 'node:events'

/** The work's result, or the signal's reason as soon as it is aborted; the work is left to itself then. */
export async function untilAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted()
  const ending = new AbortController()
  const aborted = once(signal, 'abort', { signal: ending.signal }).then(
    () => signal.throwIfAborted(),
    () => undefined,
  )
  try {
    const result = work()
    await Promise.race([result, aborted])
    return await result
  } finally {
    ending.abort()
  }
}
