import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

import { repositoryRoot } from './repository-root.ts'

/** Builds `dist`, once for all tests that start the program. */
export async function buildProgram(): Promise<void> {
  await promisify(execFile)('npm', ['run', '--silent', 'build'], { cwd: repositoryRoot })
}
