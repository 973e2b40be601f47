import type { DemoOptions } from '../actions/demo.ts'
import type { AddCommand } from '../add-command.ts'
import { countOption } from '../options.ts'

/** From here on every kind of row occurs. */
const leastScale = 500

export const addDemo: AddCommand = (program, run) => {
  program
    .command('demo')
    .summary('show all this on a PostgreSQL of its own')
    .description(
      'Shows a plan, two refreshes and one that fails, on a PostgreSQL that it starts and removes again.\nTouches no database of yours. Takes about half a minute.',
    )
    .addOption(countOption('--scale <donations>', 'how much data', leastScale).default(200_000))
    .action((options: DemoOptions) =>
      run(async (shell) => {
        const { demoCommand } = await import('../actions/demo.ts')
        return demoCommand(shell, options)
      }),
    )
}
