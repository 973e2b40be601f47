import { swapBack } from '../../pipeline/swap-back.ts'
import { swapPending } from '../../pipeline/swap-pending.ts'
import { migrate } from '../../state/migrate.ts'
import { readPublications } from '../../state/publications.ts'
import { finishRun } from '../../state/runs.ts'
import { usingDatabase, type Shell } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { formatCount } from '../report/format-count.ts'

export interface SwapOptions {
  back?: boolean
  wait?: number
}

export async function swapCommand(shell: Shell, options: SwapOptions): Promise<number> {
  return usingDatabase(shell, async (open) => {
    const { state, engine } = open
    const { emit } = shell.reporter
    const lock = { wait: options.wait ?? 0, label: 'swap', emit, signal: shell.signal }
    return engine.usingRunLock(lock, async () => {
      await migrate(state)
      if (options.back) {
        const views = await swapBack({ ...open, emit, signal: shell.signal }, null)
        shell.output.stdout(
          `Returned to the old version of ${formatCount(views.length, 'view')}: ${views.join(', ')}`,
        )
        return exitCodes.done
      }
      const publications = await readPublications(state)
      const { runId, views } = await swapPending({ ...open, publications, emit, signal: shell.signal })
      await finishRun(state, runId, { finished_at: new Date(), outcome: 'published', error: null })
      shell.output.stdout(`Published ${formatCount(views.length, 'view')}: ${views.join(', ')}`)
      return exitCodes.done
    })
  })
}
