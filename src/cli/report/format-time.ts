/** Local time as logs have it: `2026-11-20 10:00:03`. */
export function formatTime(time: Date): string {
  return `${formatDay(time)} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`
}

/** The time of day alone when it is the same day as `now`: `10:00`, `2026-11-21 10:00`. */
export function formatMoment(time: Date, now: Date): string {
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}`
  return formatDay(time) === formatDay(now) ? clock : `${formatDay(time)} ${clock}`
}

function formatDay(time: Date): string {
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}
