import { hostname } from 'node:os'

/** Names what belongs to this process, for others to see whether it still lives. */
export const ownerMark = (): string => `${process.pid}@${hostname()}`

/** Whether the process that left a mark is gone. Of another host nobody knows: then it is, when it is old. */
export function isAbandoned(mark: string, age: number): boolean {
  const [pid, host] = [Number(mark.slice(0, mark.indexOf('@'))), mark.slice(mark.indexOf('@') + 1)]
  if (host !== hostname() || !(pid > 0)) return age > longAgo
  // In containers every process may have the same number, and this one has just begun.
  return pid === process.pid || !isAlive(pid)
}

/** Milliseconds: no build takes a week. */
const longAgo = 7 * 24 * 60 * 60 * 1000

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM' // another user's
  }
}
