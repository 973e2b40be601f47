import type { CleanupFlags } from '../actions/cleanup.ts'
import type { AddCommand } from '../add-command.ts'
import { waitOption } from '../options.ts'

export const addCleanup: AddCommand = (program, run) => {
  program
    .command('cleanup')
    .summary('drop what is left over')
    .description('Drops old and left-over versions that duro made, and forgets the history of old runs.')
    .option('--removed', 'also drop views that duro published and that are no longer in the folder')
    .option('--dry-run', 'say what would be dropped, and drop nothing')
    .addOption(waitOption())
    .action((options: CleanupFlags) =>
      run(async (shell) => {
        const { cleanupCommand } = await import('../actions/cleanup.ts')
        return cleanupCommand(shell, options)
      }),
    )
}
