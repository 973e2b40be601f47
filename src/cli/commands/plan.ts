import type { PlanOptions } from '../actions/plan.ts'
import type { AddCommand } from '../add-command.ts'

export const addPlan: AddCommand = (program, run) => {
  program
    .command('plan')
    .summary('show what a refresh would rebuild, and why')
    .description(
      'Shows what a refresh would rebuild, in which order, why, and how long it should take. Changes nothing.',
    )
    .argument('[views...]', 'as for refresh')
    .option('--force', 'as for refresh')
    .option('--full', 'as for refresh')
    .option('--exclude <views...>', 'as for refresh')
    .option('--sql', 'print every statement of the run, in order')
    .option('--check', 'exit with 10 when there is work')
    .action((views: string[], options: PlanOptions) =>
      run(async (shell) => {
        const { planCommand } = await import('../actions/plan.ts')
        return planCommand(shell, views, options)
      }),
    )
}
