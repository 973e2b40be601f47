import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

import { repositoryRoot } from './repository-root.ts'

/** Compiles `src` to `dist`, once for all tests that start the program. */
export async function buildProgram(): Promise<void> {
  const require = createRequire(import.meta.url)
  const compiler = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc')
  const args = [compiler, '-p', 'tsconfig.build.json']
  try {
    await promisify(execFile)(process.execPath, args, { cwd: repositoryRoot })
  } catch (error) {
    // The compiler writes its output all the same; `npm run typecheck` is where types are judged.
    const output = error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error)
    process.stdout.write(`dist was built in spite of errors:\n${output}`)
  }
}
