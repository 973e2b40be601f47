import { CommanderError } from 'commander'
import { exitCodes } from './exit-codes.ts'
import { createOutput } from './output.ts'
import { createProgram } from './program.ts'
import { runAction } from './run-action.ts'

process.exitCode = await main(process.argv)

async function main(argv: readonly string[]): Promise<number> {
  const output = createOutput(process, { noColor: argv.includes('--no-color') })
  let exitCode: number = exitCodes.done
  const program = createProgram(output, async (action) => {
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
  // A result that could not be written, to a full disk perhaps, is no result.
  await output.settle()
  return output.broken === null || exitCode !== exitCodes.done ? exitCode : exitCodes.failed
}
