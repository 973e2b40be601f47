import { Command } from 'commander'
import type { Action, AddCommand } from './add-command.ts'
import { addCleanup } from './commands/cleanup.ts'
import { addDemo } from './commands/demo.ts'
import { addGraph } from './commands/graph.ts'
import { addHistory } from './commands/history.ts'
import { addInit } from './commands/init.ts'
import { addPlan } from './commands/plan.ts'
import { addRefresh } from './commands/refresh.ts'
import { addSwap } from './commands/swap.ts'
import { addValidate } from './commands/validate.ts'
import type { Output } from './output.ts'
import { version } from './version.ts'

/** In the order of `duro --help`. */
const commands: readonly AddCommand[] = [
  addPlan,
  addRefresh,
  addSwap,
  addValidate,
  addCleanup,
  addHistory,
  addGraph,
  addInit,
  addDemo,
]

export interface ProgramOptions {
  /** Whoever called says what is wrong with the call; default: it is printed. */
  forPrograms?: boolean
}

export const USAGE_HINT = 'duro --help lists commands and options'

/** The command line: what may be typed, and what is said of what may not. */
export function createProgram(
  output: Output,
  run: (action: Action) => Promise<void>,
  { forPrograms = false }: ProgramOptions = {},
): Command {
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
    .configureHelp({ showGlobalOptions: true, helpWidth: output.columns })
    .configureOutput({
      writeOut: (text) => output.stdout(text),
      writeErr: (text) => void (forPrograms || output.stderr(text)),
    })
    .showHelpAfterError(`(${USAGE_HINT})`)
    .exitOverride()
  for (const add of commands) add(program, run)
  return program
}
