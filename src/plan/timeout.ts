import type { View } from '../project/view.ts'

/** How many times its usual duration a build may take. */
const PATIENCE = 5

/** A build that usually takes seconds may still wait minutes for a lock. */
const LEAST = 10 * 60_000

/** How long the build of a view may take, in milliseconds. */
export interface Timeout {
  milliseconds: number
  /** Whether the settings say so; else it follows from earlier builds. */
  isSet: boolean
}

/**
 * The view's own `timeout`, else five times what its builds usually take, and never less than ten minutes.
 * Null for a view that was never built and has none: whatever were guessed could keep it from ever being built.
 *
 * @param usual milliseconds, as `usualDuration` gives them
 */
export function timeoutOf({ settings }: Pick<View, 'settings'>, usual: number | null): Timeout | null {
  if (settings.timeout !== null) return { milliseconds: settings.timeout, isSet: true }
  return usual === null ? null : { milliseconds: Math.max(PATIENCE * usual, LEAST), isSet: false }
}
