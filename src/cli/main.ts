import { CommanderError } from 'commander'
import { exitCodes } from './exit-codes.ts'
import { createOutput, outputSettled, type Output } from './output.ts'
import type { Action } from './add-command.ts'
import { createProgram, USAGE_HINT } from './program.ts'
import { DuroError } from '../errors.ts'

// The clients of AWS would print that their versions to come want a newer Node.js, which is no news to who runs this one.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'
// Nor is what packages will no longer do in later versions: the driver says so whenever a password is in ~/.pgpass.
process.noDeprecation ??= true

process.exitCode = await main(process.argv)

async function main(argv: readonly string[]): Promise<number> {
  const output = createOutput(process, { noColor: argv.includes('--no-color') })
  // Wherever it stands, as what is wrong with the call may be found before it.
  const forPrograms = argv.includes('--json')
  let exitCode: number = exitCodes.done
  const run = async (action: Action): Promise<void> => {
    const { runAction } = await import('./run-action.ts')
    exitCode = await runAction(program.opts(), output, action)
  }
  const program = createProgram(output, run, { forPrograms })
  try {
    if (argv.length <= 2) program.outputHelp()
    else await program.parseAsync(argv)
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.usage
    // Else commander has said it already: help, the version, or what is wrong with the call.
    if (exitCode === exitCodes.usage && forPrograms) await tellPrograms(output, error)
  }
  return whenWritten(output, exitCode)
}

/** What is wrong with a call, as one more event. */
async function tellPrograms(output: Output, { code, message }: CommanderError): Promise<void> {
  const { createJsonReporter } = await import('./report/json-reporter.ts')
  const { createReportContext } = await import('./report/reporter.ts')
  // Without a command it prints its help, and that is all that it says.
  const said = code === 'commander.help' ? 'no command was given' : message.replace(/^error: /, '')
  const error = new DuroError('usage', said, { hint: USAGE_HINT })
  createJsonReporter(output, createReportContext(process.env, process.cwd())).error(error)
}

/** A result that could not be written, to a full disk perhaps, is no result. */
async function whenWritten(output: Output, exitCode: number): Promise<number> {
  await outputSettled(process)
  if (output.broken === null) return exitCode
  output.stderr(`error: the output could not be written: ${output.broken.message}`)
  return exitCode === exitCodes.done ? exitCodes.failed : exitCode
}
