import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

import { repositoryRoot } from './repository-root.ts'

export interface CliOptions {
  cwd: string
  /** Beside the environment of the tests, which is cleared of all that steers duro or its colours. */
  env?: Readonly<Record<string, string>>
  /** Typed into stdin, which is closed then. */
  input?: string
  /** Keeps colours and cursor movements, which are taken out otherwise. */
  ansi?: boolean
  /** Sends a signal as soon as the output, stdout and stderr together, matches. */
  signalAfter?: { output: RegExp; signal: NodeJS.Signals }
}

export interface CliResult {
  /** Null when a signal ended the program. */
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

/** A running `duro`. */
export interface RunningCli {
  pid: number
  /** Waits until the output so far, stdout and stderr together, matches; fails when the program ends before. */
  waitFor(output: RegExp): Promise<void>
  kill(signal: NodeJS.Signals): void
  result: Promise<CliResult>
}

/** Runs `duro` to its end. */
export async function runDuro(args: readonly string[], options: CliOptions): Promise<CliResult> {
  const running = startDuro(args, options)
  const { signalAfter } = options
  if (signalAfter !== undefined) {
    await running.waitFor(signalAfter.output)
    running.kill(signalAfter.signal)
  }
  return running.result
}

/** Starts `node bin/duro.js`, which runs the `dist` that the global setup built. */
export function startDuro(args: readonly string[], options: CliOptions): RunningCli {
  const program = join(repositoryRoot, 'bin', 'duro.js')
  const child = spawn(process.execPath, [program, ...args], {
    cwd: options.cwd,
    env: { ...clearedEnvironment(), ...options.env },
    stdio: 'pipe',
  })
  const output = { stdout: '', stderr: '', all: '' }
  const watchers = new Set<() => void>()
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8')
    child[name].on('data', (text: string) => {
      output[name] += text
      output.all += text
      for (const watch of watchers) watch()
    })
  }
  child.stdin.on('error', () => undefined) // it may end without reading
  child.stdin.end(options.input ?? '')
  const tidy = (text: string): string => (options.ansi === true ? text : stripVTControlCharacters(text))

  const result = new Promise<CliResult>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      resolve({ code, signal, stdout: tidy(output.stdout), stderr: tidy(output.stderr) })
    })
  })
  return {
    pid: child.pid ?? 0,
    kill: (signal) => void child.kill(signal),
    result,
    waitFor: (expected) =>
      new Promise((resolve, reject) => {
        const watch = (): void => {
          if (!expected.test(tidy(output.all))) return
          watchers.delete(watch)
          resolve()
        }
        watchers.add(watch)
        watch()
        const fail = (): void => reject(new Error(`duro ended without ${expected}:\n${tidy(output.all)}`))
        result.then(fail, reject)
      }),
  }
}

const STEERING =
  /^(PG.*|DURO_.*|DATABASE_URL|NO_COLOR|FORCE_COLOR|COLORTERM|CI|GITHUB_.*|NODE_OPTIONS|VITEST.*)$/

function clearedEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !STEERING.test(name)))
}
