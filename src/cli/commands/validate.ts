import type { ValidateOptions } from '../actions/validate.ts'
import type { AddCommand } from '../add-command.ts'

export const addValidate: AddCommand = (program, run) => {
  program
    .command('validate')
    .summary('test the live views and compare their totals')
    .description(
      'Runs the data tests on the live views and compares their totals with those that were recorded.\nExits with 1 when something is wrong.',
    )
    .argument('[views...]', 'as for refresh')
    .option('--exclude <views...>', 'as for refresh')
    .action((views: string[], options: ValidateOptions) =>
      run(async (shell) => {
        const { validateCommand } = await import('../actions/validate.ts')
        return validateCommand(shell, views, options)
      }),
    )
}
