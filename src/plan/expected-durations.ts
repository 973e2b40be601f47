import type { ViewName } from '../project/view.ts'
import type { Durations } from '../graph/critical-path.ts'
import { median } from '../median.ts'

/** How many of the last builds count: a view may grow, and one odd night should not be remembered for long. */
export const REMEMBERED = 11

/** What each view usually takes, with a guess for what was never built: that it is a view like the others. */
export function guessDurations(views: readonly { name: ViewName; expected: number | null }[]): Durations {
  const known = views.map(({ expected }) => expected).filter((expected) => expected !== null)
  const guess = median(known) ?? 1
  return new Map(views.map(({ name, expected }) => [name, expected ?? guess]))
}
