const MINUTE = 60_000

/**
 * By how many milliseconds a view may be rebuilt before its interval is over.
 *
 * Cron never comes at the second, and a build begins a little after its run. Were an hourly view with an hourly cron
 * due after exactly one hour, it would often miss it by a second and be rebuilt every two hours. Were the tolerance
 * wide, a cron that comes every five minutes would be early each time, and a daily view would wander through the day.
 * So the run that comes nearest to the due time takes the view: half the distance between two runs is tolerated,
 * and never more than a twentieth of the interval, which is all that a view may be ahead of its time.
 *
 * @param sincePrevious milliseconds since the previous refresh of all views began, also one that found nothing to do;
 *   null when that is not known: then the tolerance fits a cron that comes every five minutes or more seldom
 */
export function toleranceOf(interval: number, sincePrevious: number | null): number {
  return Math.min(interval / 20, sincePrevious === null ? 2 * MINUTE : Math.max(sincePrevious, 0) / 2)
}
