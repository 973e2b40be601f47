import type { View } from '../project/view.ts'

/** How many times its usual duration a build may take. */
const PATIENCE = 5

/** A build that usually takes seconds may still wait minutes for a lock. */
const LEAST = 10 * 60_000

/**
 * For a first build, of which nothing is known. Long enough for nearly all, and short enough that a join gone wrong, or
 * a source that stays locked, does not hold the run lock, and with it all other views, until somebody looks.
 */
const FIRST = 120 * 60_000

/** How long the build of a view may take, in milliseconds. */
export interface Timeout {
  milliseconds: number
  /** Whether the settings say so; else it follows from earlier builds. */
  isSet: boolean
}

/**
 * The view's own `timeout`, else five times what its builds usually take, and never less than ten minutes; two hours
 * for a view that was never built.
 *
 * @param usual milliseconds, as `usualDuration` gives them; null when it was never built
 */
export function timeoutOf({ settings }: Pick<View, 'settings'>, usual: number | null): Timeout {
  if (settings.timeout !== null) return { milliseconds: settings.timeout, isSet: true }
  return { milliseconds: usual === null ? FIRST : Math.max(PATIENCE * usual, LEAST), isSet: false }
}
