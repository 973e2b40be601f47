import type { Command } from 'commander'
import { migrate } from '../../state/migrate.ts'
import { closeKilledRuns } from '../../state/runs.ts'
import { execute } from '../../pipeline/execute.ts'
import { newRunId } from '../../pipeline/run-id.ts'
import { exitCodeOfOutcome } from '../exit-codes.ts'
import { usingDatabase, type Shell } from '../command.ts'
import { planRun } from '../plan-run.ts'
import { version } from '../version.ts'
import { waitOption } from '../options.ts'

interface RefreshOptions {
  force?: boolean
  exclude?: string[]
  swap: boolean
  keepGoing?: boolean
  failFast?: boolean
  replaceTables?: boolean
  wait?: number
}

export function addRefresh(
  program: Command,
  run: (action: (shell: Shell) => Promise<number>) => Promise<void>,
): void {
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
    .option('--exclude <views...>', 'leave these out')
    .option('--no-swap', 'stop after build and test; `duro swap` publishes')
    .option('--keep-going', 'publish what does not depend on a failed view')
    .option('--fail-fast', 'cancel what is in work when a view fails')
    .option('--replace-tables', 'replace tables that duro did not make; their rows are lost')
    .addOption(waitOption())
    .action((views: string[], options: RefreshOptions) =>
      run((shell) => refreshCommand(shell, views, options)),
    )
}

async function refreshCommand(shell: Shell, selectors: string[], options: RefreshOptions): Promise<number> {
  return usingDatabase(shell, async (open) => {
    const { engine, state } = open
    const emit = shell.reporter.emit
    const lock = { wait: options.wait ?? 0, label: 'refresh', emit, signal: shell.signal }
    return engine.usingRunLock(lock, async () => {
      const beganAt = new Date()
      await migrate(state)
      await closeKilledRuns(state, beganAt)
      const planned = await planRun(shell, open, {
        selectors,
        exclude: options.exclude ?? [],
        force: options.force ?? false,
        now: beganAt,
      })
      const result = await execute(
        {
          ...open,
          ...planned,
          id: newRunId(beganAt),
          emit,
          signal: shell.signal,
          options: {
            noSwap: !options.swap,
            keepGoing: options.keepGoing ?? false,
            failFast: options.failFast ?? false,
            replaceTables: options.replaceTables ?? false,
          },
        },
        { command: ['refresh', ...selectors].join(' '), version, beganAt },
      )
      return exitCodeOfOutcome(result.outcome)
    })
  })
}
