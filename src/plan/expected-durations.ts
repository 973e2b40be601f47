import type { ViewName } from '../project/view.ts'
import type { Durations } from '../graph/critical-path.ts'

/** How many of the last builds count: a view may grow, and one odd night should not be remembered for long. */
export const REMEMBERED = 11

/**
 * What a build usually takes: the median of the last builds, so that one that waited for a lock does not count.
 * Null without any.
 *
 * @param durations newest first
 */
export function usualDuration(durations: readonly number[]): number | null {
  return median(durations.slice(0, REMEMBERED))
}

/** The same for a whole plan, with a guess for what was never built: that it is a view like the others. */
export function guessDurations(views: readonly { name: ViewName; expected: number | null }[]): Durations {
  const known = views.map(({ expected }) => expected).filter((expected) => expected !== null)
  const guess = median(known) ?? 1
  return new Map(views.map(({ name, expected }) => [name, expected ?? guess]))
}

function median(numbers: readonly number[]): number | null {
  const sorted = numbers.toSorted((a, b) => a - b)
  const upper = sorted[sorted.length >> 1]
  const lower = sorted[(sorted.length - 1) >> 1]
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2
}
