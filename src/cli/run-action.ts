import { resolve } from 'node:path'
import { findProjectRoot } from '../project/find-root.ts'
import type { Action } from './add-command.ts'
import { exitCodeOf } from './exit-codes.ts'
import type { GlobalOptions } from './global-options.ts'
import type { Output } from './output.ts'
import { chooseReporter } from './report/choose-reporter.ts'
import { createReporter } from './report/create-reporter.ts'
import { createReportContext, type Reporter } from './report/reporter.ts'
import { usingInterruptSignal } from './signals.ts'

/** Everything that a command needs around it, and its end turned into an exit code. */
export async function runAction(options: GlobalOptions, output: Output, action: Action): Promise<number> {
  const cwd = process.cwd()
  const folder = resolve(cwd, options.project ?? '.')
  const context = createReportContext(process.env, rootOf(folder))
  const reporter = createReporter(chooseReporter(options, output.isTerminal, process.env), output, context)
  return untilReported(reporter, () =>
    usingInterruptSignal(async (signal) => {
      const message = 'stopping; Ctrl-C again ends it at once'
      signal.addEventListener('abort', () => reporter.emit({ type: 'notice', message }), { once: true })
      return action({ options, output, reporter, env: process.env, cwd, signal, clock: () => new Date() })
    }),
  )
}

/** The exit code of what a command does; an error is told, and all is said that the reporter held back. */
export async function untilReported(reporter: Reporter, work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } catch (error) {
    reporter.error(error)
    return exitCodeOf(error)
  } finally {
    reporter.close()
  }
}

/** Where there is no project the command says so, if it needs one. */
function rootOf(folder: string): string {
  try {
    return findProjectRoot(folder)
  } catch {
    return folder
  }
}
