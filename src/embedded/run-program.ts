import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

import type { ServerUser } from './server-user.ts'

const execute = promisify(execFile)

/** Runs a program without a shell and returns what it printed; throws with its messages when it fails. */
export async function runProgram(
  file: string,
  args: string[],
  user: ServerUser | null = null,
): Promise<string> {
  const { stdout } = await execute(file, args, {
    cwd: '/',
    env: serverEnvironment(),
    windowsHide: true,
    ...user,
  })
  return stdout.trim()
}

/** English messages, and nothing from the user's own `PG*` variables. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('PG') && !name.startsWith('LC_'),
  )
  return { ...Object.fromEntries(kept), LC_ALL: 'C' }
}
