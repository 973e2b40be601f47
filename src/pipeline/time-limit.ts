import type { DuroError } from '../errors.ts'

/** How long something may take. */
export interface TimeLimit {
  milliseconds: number
  /** What is thrown when it takes longer. */
  expired: DuroError
}

/** Node's timers cannot count further, and fire at once instead: 24 days. */
const longestTimer = 2 ** 31 - 1

/**
 * Does work under a signal that also fires when the time is up; whoever heeds the signal throws its reason,
 * which is `limit.expired`. Without a limit only the given signal counts.
 */
export async function withinTime<T>(
  limit: TimeLimit | null,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (limit === null) return work(signal)
  const clock = new AbortController()
  const timer = setTimeout(() => clock.abort(limit.expired), Math.min(limit.milliseconds, longestTimer))
  try {
    return await work(AbortSignal.any([signal, clock.signal]))
  } finally {
    clearTimeout(timer)
  }
}
