import type { HistoryOptions } from '../actions/history.ts'
import type { AddCommand } from '../add-command.ts'
import { countOption } from '../options.ts'

export const addHistory: AddCommand = (program, run) => {
  program
    .command('history')
    .summary('list runs, their views, and dated copies')
    .description(
      'Lists the latest runs; with the id of a run, its views and how long each stage took;\nwith a view, the dated copies that are kept of it.',
    )
    .argument('[run|view]', 'the id of a run, `last`, or the name of a view')
    .addOption(countOption('--limit <count>', 'how many runs or copies to list').default(20))
    .action((id: string | undefined, options: HistoryOptions) =>
      run(async (shell) => {
        const { historyCommand } = await import('../actions/history.ts')
        return historyCommand(shell, id, options)
      }),
    )
}
