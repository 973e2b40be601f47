import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

/** Names what belongs to this process, for others to see whether it still lives. */
export const ownerMark = (): string => `${process.pid}@${hostname()}`

/** Whether the process that left a mark is gone. Of another host nobody knows: then it is, when it is old. */
export function isAbandoned(mark: string, age: number): boolean {
  const [pid, host] = [Number(mark.slice(0, mark.indexOf('@'))), mark.slice(mark.indexOf('@') + 1)]
  if (host !== hostname() || !(pid > 0)) return age > longAgo
  // In containers every process may have the same number, and this one has just begun.
  return pid === process.pid || !isAlive(pid) || isAnother(pid, age)
}

/** Milliseconds: no build takes a week. */
const longAgo = 7 * 24 * 60 * 60 * 1000

/** Milliseconds by which clocks may disagree. */
const tolerance = 10_000

/**
 * Whether a process is only what is left of one that nobody waits for, or has been given the number of the one that
 * made the mark, as after a restart of the machine. Only Linux tells.
 */
function isAnother(pid: number, age: number): boolean {
  try {
    // The name, in brackets, may hold anything; behind it come the state, and as the twentieth its start.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    const uptime = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0])
    // In hundredths of a second since the machine was started.
    const lived = uptime * 1000 - Number(fields[19]) * 10
    return fields[0] === 'Z' || lived + tolerance < age
  } catch {
    return false
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM' // another user's
  }
}
