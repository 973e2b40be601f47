import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DuroError, ProgramError } from '../errors.ts'
import { createOutputTail } from './output-tail.ts'

export interface Program {
  command: readonly string[]
  /** How messages call it: `countries.py`. */
  called: string
  /** How messages begin: `first.countries could not be built`. */
  failed: string
  /** What to do when it is not installed. */
  missing: string
  folder: string
  env: NodeJS.ProcessEnv
  /** Told of its process, the leader of a group of its own. */
  onStart?: (pid: number) => void
  signal: AbortSignal
}

/** Milliseconds between asking a program to end and ending it. */
const grace = 2000
/** Milliseconds in which what a program printed has to arrive when it has ended. */
const lastWords = 1000

/**
 * Runs a program to its end, and whatever it has started with it. Nothing is kept of what it prints but the end.
 * @returns what it printed last
 * @throws ProgramError
 */
export async function runProgram(program: Program): Promise<string> {
  const { called, failed, signal } = program
  signal.throwIfAborted()
  const tail = createOutputTail()
  const ended = await runToEnd(program, tail.add)
  const output = tail.text()
  if (signal.aborted) throw interruption(signal, output)
  if (ended.error !== null) throw notStarted(program, ended.error, output)
  if (ended.signal !== null)
    throw new ProgramError(`${failed}: ${called} was killed by ${ended.signal}`, { output })
  if (ended.code !== 0)
    throw new ProgramError(`${failed}: ${called} ended with exit code ${ended.code}`, { output })
  return output
}

function notStarted(
  { command, called, failed, missing }: Program,
  error: Error,
  output: string,
): ProgramError {
  const code = 'code' in error ? error.code : null
  const [file = ''] = command
  const name = called.split(' ')[0] ?? called
  if (code === 'ENOENT' && isAbsolute(file) && existsSync(file)) {
    const hint = 'The program that its first line names (#!…) is not there, or that line ends as on Windows.'
    return new ProgramError(`${failed}: ${name} cannot be started`, { hint, output })
  }
  if (code === 'ENOENT')
    return new ProgramError(`${failed}: ${file} was not found`, { hint: missing, output })
  if (code !== 'EACCES') return new ProgramError(`${failed}: ${error.message}`, { output })
  return new ProgramError(`${failed}: ${name} may not be executed`, {
    hint: `Make it executable (chmod +x), or name the program that runs it before: [sh, ${name}].`,
    output,
  })
}

/** How a process has ended. */
interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  /** It could not even be started. */
  error: Error | null
}

async function runToEnd(program: Program, onOutput: (chunk: Uint8Array) => void): Promise<Ended> {
  const [file = '', ...args] = program.command
  const child = spawn(file, args, {
    cwd: program.folder,
    env: program.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that what it starts can be ended with it, and a Ctrl-C is duro's to pass on.
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
  const ended = new Promise<Ended>((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, error }))
    child.once('exit', (code, signal) => resolve({ code, signal, error: null }))
  })
  child.stdout.on('data', onOutput)
  child.stderr.on('data', onOutput)
  if (child.pid !== undefined) program.onStart?.(child.pid)
  const kill = (): void => killGroup(child, 'SIGKILL')
  const stop = (): void => void endGroup(child, ended)
  // A second Ctrl-C ends duro at once.
  process.once('exit', kill)
  program.signal.addEventListener('abort', stop, { once: true })
  if (program.signal.aborted) stop()
  try {
    const how = await ended
    kill()
    if (how.error === null) await closed(child)
    return how
  } finally {
    program.signal.removeEventListener('abort', stop)
    process.off('exit', kill)
  }
}

async function endGroup(child: ChildProcess, ended: Promise<Ended>): Promise<void> {
  killGroup(child, 'SIGTERM')
  await Promise.race([ended, sleep(grace, undefined, { ref: false })])
  killGroup(child, 'SIGKILL')
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    if (process.platform === 'win32') child.kill(signal)
    else process.kill(-child.pid, signal)
  } catch {
    // It has ended.
  }
}

/** What has left the group may hold its pipes open for ever. */
async function closed(child: ChildProcess): Promise<void> {
  if (child.stdout?.closed && child.stderr?.closed) return
  await Promise.race([once(child, 'close'), sleep(lastWords, undefined, { ref: false })])
  child.stdout?.destroy()
  child.stderr?.destroy()
}

/** A build that took too long says what its program was about. */
function interruption({ reason }: AbortSignal, output: string): unknown {
  if (!(reason instanceof DuroError) || reason.code !== 'build') return reason
  return new ProgramError(reason.message, { hint: reason.hint, output, cause: reason })
}
