import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify, stripVTControlCharacters } from 'node:util'

import { repositoryRoot } from './repository-root.ts'

/**
 * What a person sees on a terminal of 80 columns when `duro` has ended, without colours. `script`, which every Linux
 * and macOS has, is the terminal.
 */
export async function runOnTerminal(args: readonly string[], cwd: string): Promise<string> {
  const duro = [process.execPath, join(repositoryRoot, 'bin', 'duro.js'), ...args].map(quote).join(' ')
  const command = `stty cols 80; ${duro}`
  const asked =
    process.platform === 'darwin'
      ? ['-q', '/dev/null', '/bin/sh', '-c', command]
      : ['-qec', command, '/dev/null']
  const { PATH, HOME, TMPDIR } = process.env
  const env = { PATH, HOME, TMPDIR, TERM: 'xterm', SHELL: '/bin/sh' }
  const typescript = await promisify(execFile)('script', asked, { cwd, env }).then(
    ({ stdout }) => stdout,
    // The exit code of `duro`, which is none of our business here.
    (error: { stdout: string }) => error.stdout,
  )
  return typescript
    .split(/\r?\n/)
    .map((line) => stripVTControlCharacters(line.slice(Math.max(0, endOfErasure(line)))))
    .join('\n')
}

/** The spinner goes back to the first column and erases its line before anything else is written there. */
function endOfErasure(line: string): number {
  const erase = '\u001b[1G\u001b[0K'
  const last = line.lastIndexOf(erase)
  return last < 0 ? 0 : last + erase.length
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
