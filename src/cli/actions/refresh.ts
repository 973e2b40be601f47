import { migrate } from '../../state/migrate.ts'
import { closeKilledRuns } from '../../state/runs.ts'
import { execute } from '../../pipeline/execute.ts'
import { removeLoads } from '../../pipeline/remove-loads.ts'
import { newRunId } from '../../pipeline/run-id.ts'
import { PROJECT_FILE } from '../../project/find-root.ts'
import { readRevision } from '../../project/read-revision.ts'
import { exitCodeOfOutcome } from '../exit-codes.ts'
import { usingDatabase, type Shell } from '../command.ts'
import { planRun } from '../plan-run.ts'
import { usingRunLock } from '../using-run-lock.ts'
import { version } from '../version.ts'

export interface RefreshOptions {
  force?: boolean
  full?: boolean
  exclude?: string[]
  swap: boolean
  keepGoing?: boolean
  failFast?: boolean
  replaceTables?: boolean
  wait?: number
  timeout?: number
}

export async function refreshCommand(
  shell: Shell,
  selectors: string[],
  options: RefreshOptions,
): Promise<number> {
  return usingDatabase(shell, async (opened) => {
    return usingRunLock(shell, opened, { label: 'refresh', wait: options.wait }, async (open) => {
      const { state, project } = open
      const { emit } = shell.reporter
      const beganAt = shell.clock()
      const revision = readRevision(project.root, [project.folder, PROJECT_FILE])
      await migrate(state)
      await removeLoads({ ...open, emit }, { runIds: await closeKilledRuns(state, beganAt) })
      const planned = await planRun(shell, open, {
        selectors,
        exclude: options.exclude ?? [],
        force: options.force ?? false,
        full: options.full ?? false,
        now: beganAt,
      })
      const result = await execute(
        {
          ...open,
          ...planned,
          id: newRunId(beganAt),
          emit,
          signal: shell.signal,
          clock: shell.clock,
          options: {
            noSwap: !options.swap,
            keepGoing: options.keepGoing ?? false,
            failFast: options.failFast ?? false,
            replaceTables: options.replaceTables ?? false,
            timeout: options.timeout ?? project.settings.timeout,
          },
        },
        {
          command: ['refresh', ...selectors].join(' '),
          version,
          beganAt,
          ofAllViews: selectors.length === 0 && options.exclude === undefined,
          revision: await revision,
        },
      )
      return exitCodeOfOutcome(result.outcome)
    })
  })
}
