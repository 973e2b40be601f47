import { toleranceOf } from './tolerance.ts'

export interface SnapshotTimes {
  /** Milliseconds that two copies lie apart. */
  interval: number
  /** The newest copy; null: there is none. */
  last: Date | null
  /** What would be copied is as of then. */
  at: Date
  /** The publication before; null: not known. */
  previous: Date | null
}

/**
 * Whether a version gets a dated copy. Publications do not come at the second either, so the one that comes nearest
 * to the due time is taken: a daily copy of a daily view does not skip every other day.
 */
export function isSnapshotDue({ interval, last, at, previous }: SnapshotTimes): boolean {
  if (last === null) return true
  const sincePrevious = previous === null ? null : at.getTime() - previous.getTime()
  return at.getTime() - last.getTime() >= interval - toleranceOf(interval, sincePrevious)
}
