const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** Milliseconds as a person says them: `84 ms`, `1.2 s`, `2 min 5 s`, `1 h 12 min`, `2 d 3 h`. */
export function formatDuration(milliseconds: number): string {
  const duration = Math.max(0, milliseconds)
  // Each bound is where the smaller unit would round up to a whole one of the next.
  if (duration < second - 0.5) return `${Math.round(duration)} ms`
  if (duration < minute - 50) return `${(duration / second).toFixed(1)} s`
  if (duration < hour - second / 2) return inTwoUnits(duration, minute, 'min', second, 's')
  if (duration < day - minute / 2) return inTwoUnits(duration, hour, 'h', minute, 'min')
  return inTwoUnits(duration, day, 'd', hour, 'h')
}

function inTwoUnits(duration: number, large: number, largeName: string, small: number, smallName: string) {
  const smalls = Math.round(duration / small)
  const perLarge = large / small
  const rest = smalls % perLarge
  const whole = `${Math.floor(smalls / perLarge)} ${largeName}`
  return rest === 0 ? whole : `${whole} ${rest} ${smallName}`
}
