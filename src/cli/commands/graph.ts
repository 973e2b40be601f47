import { Option } from 'commander'
import { graphFormats, type GraphOptions } from '../actions/graph-options.ts'
import type { AddCommand } from '../add-command.ts'

export const addGraph: AddCommand = (program, run) => {
  program
    .command('graph')
    .summary('draw which view reads which')
    .description('Draws which view reads which, with how old each may be. Needs no database.')
    .argument('[views...]', 'as for refresh, without state:…')
    .option('--exclude <views...>', 'as for refresh')
    .addOption(
      new Option('--format <format>', 'a tree of text, the language of Mermaid or Graphviz, or a picture')
        .choices(graphFormats)
        .default('tree'),
    )
    .action((views: string[], options: GraphOptions) =>
      run(async (shell) => {
        const { graphCommand } = await import('../actions/graph.ts')
        return graphCommand(shell, views, options)
      }),
    )
}
