import { Command, CommanderError } from 'commander'
import { addCleanup } from './commands/cleanup.ts'
import { addHistory } from './commands/history.ts'
import { addPlan } from './commands/plan.ts'
import { addRefresh } from './commands/refresh.ts'
import { addSwap } from './commands/swap.ts'
import { addValidate } from './commands/validate.ts'
import { exitCodeOf, exitCodes } from './exit-codes.ts'
import type { Shell } from './command.ts'
import type { GlobalOptions } from './global-options.ts'
import { createOutput, type Output } from './output.ts'
import { chooseReporter } from './report/choose-reporter.ts'
import { createReporter } from './report/create-reporter.ts'
import { createReportContext } from './report/reporter.ts'
import { usingInterruptSignal } from './signals.ts'
import { version } from './version.ts'

process.exitCode = await main(process.argv)

async function main(argv: readonly string[]): Promise<number> {
  let exitCode: number = exitCodes.done
  const program = createProgram(async (action) => {
    exitCode = await runAction(program.opts(), action)
  })
  try {
    await program.parseAsync(argv)
    return exitCode
  } catch (error) {
    // Commander has printed its own message already: help, the version, or what is wrong with the call.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage
    throw error
  }
}

function createProgram(run: (action: (shell: Shell) => Promise<number>) => Promise<void>): Command {
  const program = new Command('duro')
    .description(
      'Keeps a folder of SQL views fresh: built in parallel, tested, published in one transaction.',
    )
    .version(version, '-V, --version', 'print the version')
    .option('-C, --project <folder>', 'the folder with duro.yaml; default: this one or the nearest above')
    .option(
      '--database <url>',
      'postgres://… or embedded; default: DATABASE_URL, PG* variables, duro.yaml, .env',
    )
    .option('--json', 'print one JSON object per event or result')
    .option('--quiet', 'print only what went wrong')
    .option('--no-color', 'no colours')
    .showHelpAfterError('(duro --help lists commands and options)')
    .exitOverride()
  for (const add of [addPlan, addRefresh, addSwap, addValidate, addCleanup, addHistory]) add(program, run)
  for (const command of program.commands) command.exitOverride()
  return program
}

/** Everything that a command needs around it, and its end turned into an exit code. */
async function runAction(options: GlobalOptions, action: (shell: Shell) => Promise<number>): Promise<number> {
  const output = createOutput(process, { noColor: options.color === false })
  const context = createReportContext(process.env, process.cwd())
  const reporter = createReporter(chooseReporter(options, output.isTerminal, process.env), output, context)
  try {
    const exitCode = await usingInterruptSignal((signal) =>
      action({ options, output, reporter, env: process.env, cwd: process.cwd(), signal }),
    )
    reporter.close()
    return whenWritten(output, exitCode)
  } catch (error) {
    reporter.error(error)
    reporter.close()
    return exitCodeOf(error)
  }
}

/** A result that could not be written, to a full disk perhaps, is no result. */
function whenWritten(output: Output, exitCode: number): number {
  return output.broken === null ? exitCode : exitCodes.failed
}
