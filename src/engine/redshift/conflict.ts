import { setTimeout as sleep } from 'node:timers/promises'
import { toError } from '../../errors.ts'
import { errorCodeOf } from '../connection-loss.ts'

/**
 * Two transactions that could not have run one after the other. Redshift ends one of them with a state that says
 * nothing, so the message tells; the whole transaction may be tried again.
 */
export function isConflict(error: unknown): boolean {
  return (
    errorCodeOf(error) === '40001' ||
    /^1023\b|^1018\b|serializable isolation violation|conflict with concurrent transaction|dropped by concurrent transaction/i.test(
      toError(error).message,
    ) ||
    /\b(1023|1018)\b/.test(detailOf(error))
  )
}

const detailOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'detail' in error && typeof error.detail === 'string'
    ? error.detail
    : ''

/** Somebody holds what a statement waited for until its time was up, or waits for what we hold. */
export const isInTheWay = (error: unknown): boolean =>
  ['57014', '55P03', '40P01'].includes(errorCodeOf(error) ?? '')

/** Milliseconds between two tries: the first pause at most, and the longest. */
const pause = { first: 100, longest: 5000 }

/** Grows, with jitter so that it does not keep step with whoever is in the way. */
export async function pauseAfter(attempt: number, signal: AbortSignal): Promise<void> {
  const longest = Math.min(pause.first * 2 ** Math.min(attempt - 1, 10), pause.longest)
  await sleep(longest * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined)
}

/**
 * A transaction, begun anew as often as others were faster.
 * @param attempt told how often it was tried, this time included
 */
export async function retryingConflicts<T>(
  signal: AbortSignal,
  most: number,
  attempt: (tried: number) => Promise<T>,
): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await attempt(tried)
    } catch (error) {
      if (!isConflict(error) || tried >= most) throw error
      await pauseAfter(tried, signal)
      signal.throwIfAborted()
    }
  }
}
