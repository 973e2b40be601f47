import { randomBytes } from 'node:crypto'

/** `20261120-100003-4f2a`: sorts by time (UTC), can be read out over the telephone. */
export function newRunId(now: Date): string {
  const [date = '', time = ''] = now.toISOString().split('T')
  return `${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${randomBytes(2).toString('hex')}`
}
