import { CommanderError } from 'commander'
import { exitCodes } from './exit-codes.ts'
import { createOutput, outputSettled, type Output } from './output.ts'
import { createProgram } from './program.ts'

// The clients of AWS would print that their versions to come want a newer Node.js, which is no news to who runs this one.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'

process.exitCode = await main(process.argv)

async function main(argv: readonly string[]): Promise<number> {
  const output = createOutput(process, { noColor: argv.includes('--no-color') })
  let exitCode: number = exitCodes.done
  const program = createProgram(output, async (action) => {
    const { runAction } = await import('./run-action.ts')
    exitCode = await runAction(program.opts(), output, action)
  })
  try {
    if (argv.length <= 2) program.outputHelp()
    else await program.parseAsync(argv)
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    // Commander has said it already: help, the version, or what is wrong with the call.
    exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.usage
  }
  return whenWritten(output, exitCode)
}

/** A result that could not be written, to a full disk perhaps, is no result. */
async function whenWritten(output: Output, exitCode: number): Promise<number> {
  await outputSettled(process)
  if (output.broken === null) return exitCode
  output.stderr(`error: the output could not be written: ${output.broken.message}`)
  return exitCode === exitCodes.done ? exitCodes.failed : exitCode
}
