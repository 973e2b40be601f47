const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

type Unit = keyof typeof UNITS

/** What a person is told when a duration cannot be read. */
export const DURATION_HINT = 'Write a whole number and m, h, d or w, such as 30m or 24h.'

/**
 * `24h` to milliseconds; null when the text is not a duration.
 * The units are m, h, d and w, and s, which is meant for tests and timeouts.
 */
export function parseDuration(text: string): number | null {
  const match = /^(\d+)([smhdw])$/.exec(text)
  const [, count, unit] = match ?? []
  if (count === undefined || unit === undefined || !isUnit(unit)) return null
  const milliseconds = Number(count) * UNITS[unit]
  return milliseconds <= longest ? milliseconds : null
}

/** A hundred years: beyond that dates cannot be reckoned with for long. */
const longest = 36_525 * UNITS.d

/** Milliseconds as a short text of at most two units: `450ms`, `2.3s`, `1m 30s`, `1d 3h`. */
export function formatDuration(milliseconds: number): string {
  if (Math.round(milliseconds) < UNITS.s) return `${Math.round(milliseconds)}ms`
  const tenths = Math.round(milliseconds / 100)
  if (tenths < 600) return `${tenths / 10}s`
  const seconds = Math.round(milliseconds / UNITS.s)
  if (seconds < 3600) return pair(seconds, 60, 'm', 's')
  const minutes = Math.round(milliseconds / UNITS.m)
  if (minutes < 24 * 60) return pair(minutes, 60, 'h', 'm')
  return pair(Math.round(milliseconds / UNITS.h), 24, 'd', 'h')
}

function pair(count: number, size: number, large: Unit, small: Unit): string {
  const rest = count % size
  return `${Math.floor(count / size)}${large}${rest === 0 ? '' : ` ${rest}${small}`}`
}

function isUnit(text: string): text is Unit {
  return text in UNITS
}
