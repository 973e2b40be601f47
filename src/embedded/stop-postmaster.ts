import { setTimeout as sleep } from 'node:timers/promises'

import { DuroError } from '../errors.ts'
import { programPath } from './binaries.ts'
import { hasCode } from './error-code.ts'
import { readPostmaster } from './postmaster.ts'
import { prepareBinaries } from './prepare-binaries.ts'
import { runProgram } from './run-program.ts'

/** Tries in order, with how long each gets, in milliseconds: a fast shutdown, then one without a checkpoint. */
const ATTEMPTS = [
  { signal: 'SIGINT', patience: 60_000 },
  { signal: 'SIGQUIT', patience: 10_000 },
] as const

/** Stops the server with this pid, if it still is the one of the data directory, and waits until it is gone. */
export async function stopPostmaster(dataDirectory: string, pid: number): Promise<void> {
  for (const { signal, patience } of ATTEMPTS) {
    const deadline = Date.now() + patience
    if (!(await runs(dataDirectory, pid))) return
    await send(pid, signal)
    while (Date.now() < deadline) {
      if (!(await runs(dataDirectory, pid))) return
      await sleep(10)
    }
  }
  throw new DuroError('connection', `the embedded PostgreSQL (process ${pid}) does not stop`, {
    hint: `Its data is in ${dataDirectory}.`,
  })
}

async function runs(dataDirectory: string, pid: number): Promise<boolean> {
  return (await readPostmaster(dataDirectory))?.pid === pid
}

async function send(pid: number, signal: 'SIGINT' | 'SIGQUIT'): Promise<void> {
  if (process.platform === 'win32') {
    // Windows has no signals; PostgreSQL brings its own.
    await runProgram(programPath(await prepareBinaries(null), 'pg_ctl'), [
      'kill',
      signal.slice(3),
      String(pid),
    ])
    return
  }
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error
  }
}
