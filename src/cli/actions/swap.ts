import { swapBack } from '../../pipeline/swap-back.ts'
import { swapPending } from '../../pipeline/swap-pending.ts'
import type { ViewName } from '../../project/view.ts'
import { migrate } from '../../state/migrate.ts'
import { readPublications } from '../../state/publications.ts'
import { finishRun } from '../../state/runs.ts'
import { usingDatabase, type Shell } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { usingRunLock } from '../using-run-lock.ts'
import { formatCount } from '../report/format-count.ts'

export interface SwapOptions {
  back?: boolean
  wait?: number
}

export async function swapCommand(shell: Shell, options: SwapOptions): Promise<number> {
  return usingDatabase(shell, async (opened) => {
    return usingRunLock(shell, opened, { label: 'swap', wait: options.wait }, async (open) => {
      const { state } = open
      const { emit } = shell.reporter
      await migrate(state)
      if (options.back) {
        const { clock, signal } = shell
        const { runId, views } = await swapBack({ ...open, emit, signal, clock })
        await finishRun(state, runId, { finished_at: clock(), outcome: 'built', error: null })
        print(shell, 'back', views)
        return exitCodes.done
      }
      const publications = await readPublications(state)
      const { clock, signal } = shell
      const { runId, views, unkept } = await swapPending({ ...open, publications, emit, signal, clock })
      const outcome = unkept === null ? 'published' : 'failed'
      await finishRun(state, runId, { finished_at: clock(), outcome, error: unkept?.message ?? null })
      print(shell, 'publish', views)
      if (unkept !== null) throw unkept
      return exitCodes.done
    })
  })
}

function print(shell: Shell, direction: 'publish' | 'back', swapped: readonly ViewName[]): void {
  const views = swapped.toSorted()
  const { json, quiet } = shell.options
  if (json) shell.output.json({ version: 1, type: 'swap', direction, views })
  else if (!quiet) {
    const done = direction === 'publish' ? 'Published' : 'Returned to the old version of'
    shell.output.stdout(`${done} ${formatCount(views.length, 'view')}: ${views.join(', ')}`)
  }
}
