import type { HistoryOptions } from '../actions/history.ts'
import type { AddCommand } from '../add-command.ts'
import { countOption } from '../options.ts'

export const addHistory: AddCommand = (program, run) => {
  program
    .command('history')
    .summary('list runs and their views')
    .description('Lists the latest runs; with the id of a run, its views and how long each stage took.')
    .argument('[run]', 'the id of a run, or `last`')
    .addOption(countOption('--limit <count>', 'how many runs to list').default(20))
    .action((id: string | undefined, options: HistoryOptions) =>
      run(async (shell) => {
        const { historyCommand } = await import('../actions/history.ts')
        return historyCommand(shell, id, options)
      }),
    )
}
