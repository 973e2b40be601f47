import type { SwapOptions } from '../actions/swap.ts'
import type { AddCommand } from '../add-command.ts'
import { waitOption } from '../options.ts'

export const addSwap: AddCommand = (program, run) => {
  program
    .command('swap')
    .summary('publish what was built, or return to the old version')
    .description(
      'Publishes what the last `refresh --no-swap` built, or what a swap that was given up left waiting.',
    )
    .option('--back', 'return to the version before, where it is still there (`keep_previous: true`)')
    .addOption(waitOption())
    .action((options: SwapOptions) =>
      run(async (shell) => {
        const { swapCommand } = await import('../actions/swap.ts')
        return swapCommand(shell, options)
      }),
    )
}
