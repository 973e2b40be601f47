import { cleanup, type CleanupResult } from '../../pipeline/cleanup.ts'
import { summary } from '../../pipeline/outcomes.ts'
import { removeLoads } from '../../pipeline/remove-loads.ts'
import { migrate } from '../../state/migrate.ts'
import { closeKilledRuns } from '../../state/runs.ts'
import { usingDatabase, type Shell } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { usingRunLock } from '../using-run-lock.ts'
import { formatCount } from '../report/format-count.ts'

export interface CleanupFlags {
  removed?: boolean
  dryRun?: boolean
  wait?: number
}

export async function cleanupCommand(shell: Shell, flags: CleanupFlags): Promise<number> {
  return usingDatabase(shell, async (opened) => {
    return usingRunLock(shell, opened, { label: 'cleanup', wait: flags.wait }, async (open) => {
      const { signal, reporter } = shell
      const { emit } = reporter
      const now = shell.clock()
      await migrate(open.state)
      if (!flags.dryRun) {
        await removeLoads({ ...open, emit }, { runIds: await closeKilledRuns(open.state, now) })
      }
      const options = { removed: flags.removed ?? false, dryRun: flags.dryRun ?? false, now }
      const { failed, ...result } = await cleanup({ ...open, emit, signal }, options)
      if (shell.options.json) shell.output.json({ version: 1, type: 'cleanup', ...options, ...result })
      else if (!shell.options.quiet || options.dryRun) shell.output.stdout(describe(result, options.dryRun))
      if (failed.size > 0) throw summary(failed)
      return exitCodes.done
    })
  })
}

function describe(result: Omit<CleanupResult, 'failed'>, dryRun: boolean): string {
  const verb = dryRun ? 'Would drop' : 'Dropped'
  const lines = [
    ...result.dropped.map((relation) => `${verb} ${relation}`),
    ...result.removedViews.map((view) => `${verb} the view ${view}, which is no longer in the folder`),
    ...result.goneViews.map(
      (view) =>
        `${dryRun ? 'Would forget' : 'Forgot'} the view ${view}, which is no longer in the folder: what duro published is not there`,
    ),
    ...result.keptHistories.map(
      (table) => `Kept ${table}, the dated copies of a removed view: drop it yourself when nobody needs them`,
    ),
    ...(result.prunedRuns === 0
      ? []
      : [`${dryRun ? 'Would forget' : 'Forgot'} ${formatCount(result.prunedRuns, 'old run')}`]),
  ]
  if (lines.length > 0) return lines.join('\n')
  return result.kept.length === 0 ? 'Nothing is left over.' : 'Nothing else is left over.'
}
