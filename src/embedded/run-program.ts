import { execFile } from 'node:child_process'
import { basename } from 'node:path'
import { promisify } from 'node:util'

/** The system user that the server runs as. */
export interface ServerUser {
  uid: number
  gid: number
}

const execute = promisify(execFile)

/** Runs a program without a shell and returns what it printed; throws with its messages when it fails. */
export async function runProgram(
  file: string,
  args: string[],
  user: ServerUser | null = null,
): Promise<string> {
  try {
    const options = { cwd: '/', env: serverEnvironment(), windowsHide: true, ...user }
    return (await execute(file, args, options)).stdout.trim()
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : ''
    throw new Error(`${basename(file)} failed: ${said || String(cause)}`, { cause })
  }
}

/** English messages, and nothing from the user's own `PG*` variables. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('PG') && !name.startsWith('LC_'),
  )
  return { ...Object.fromEntries(kept), LC_ALL: 'C' }
}
