import { Option } from 'commander'
import type { RefreshOptions } from '../actions/refresh.ts'
import type { AddCommand } from '../add-command.ts'
import { timeoutOption, waitOption } from '../options.ts'

export const addRefresh: AddCommand = (program, run) => {
  program
    .command('refresh')
    .summary('rebuild, test and publish what is stale')
    .description(
      'Rebuilds what is stale, tests it, and publishes it in one transaction.\nViews that are named are rebuilt whether they are stale or not.',
    )
    .argument(
      '[views...]',
      'names, schema.*, paths, tag:x, state:changed; +x with upstream, x+ with downstream',
    )
    .option('--force', 'rebuild everything selected')
    .option('--full', 'rebuild everything selected and everything upstream of it, fresh or not')
    .option('--exclude <views...>', 'leave these out')
    .option('--no-swap', 'stop after build and test; `duro swap` publishes')
    .option('--keep-going', 'publish what does not depend on a failed view')
    .addOption(new Option('--fail-fast', 'cancel what is in work when a view fails').conflicts('keepGoing'))
    .option('--replace-tables', 'replace tables that duro did not make; their rows are lost')
    .addOption(waitOption())
    .addOption(timeoutOption())
    .action((views: string[], options: RefreshOptions) =>
      run(async (shell) => {
        const { refreshCommand } = await import('../actions/refresh.ts')
        return refreshCommand(shell, views, options)
      }),
    )
}
