import { readFile, readlink, realpath } from 'node:fs/promises'
import { join } from 'node:path'

import { hasCode } from './error-code.ts'

/** What a running server writes into its data directory. */
export interface Postmaster {
  pid: number
  /** Null as long as the server has not opened it. */
  port: number | null
  ready: boolean
}

/** The server of a data directory, or null when none runs; a file left by a dead server counts as none. */
export async function readPostmaster(dataDirectory: string): Promise<Postmaster | null> {
  const text = await readFile(pidFile(dataDirectory), 'utf8').catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return ''
    throw error
  })
  // Lines: pid, data directory, start time, port, socket directory, listen address, shared memory key, status.
  const lines = text.split('\n')
  const pid = Number(lines[0])
  if (!(pid > 0) || !(await serves(pid, dataDirectory))) return null
  return { pid, port: Number(lines[3]) || null, ready: lines[7]?.trim() === 'ready' }
}

export function pidFile(dataDirectory: string): string {
  return join(dataDirectory, 'postmaster.pid')
}

/** After a crash the pid may be another program's by now; Linux tells, because a server works in its data directory. */
async function serves(pid: number, dataDirectory: string): Promise<boolean> {
  if (process.platform === 'linux') {
    try {
      return (await readlink(`/proc/${pid}/cwd`)) === (await realpath(dataDirectory))
    } catch (error) {
      return hasCode(error, 'EACCES')
    }
  }
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return hasCode(error, 'EPERM')
  }
}
