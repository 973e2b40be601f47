import { selectViews } from '../../graph/selection.ts'
import { readSituation } from '../../pipeline/read-situation.ts'
import { viewsByState } from '../../plan/assess-views.ts'
import { validateLive } from '../../pipeline/validate-live.ts'
import { usingDatabase, type Shell } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'

export interface ValidateOptions {
  exclude?: string[]
}

export async function validateCommand(
  shell: Shell,
  selectors: string[],
  options: ValidateOptions,
): Promise<number> {
  return usingDatabase(shell, async (open) => {
    const { project, graph } = open
    const situation = await readSituation({ ...open, now: shell.clock() })
    const { selected } = selectViews(selectors, options.exclude ?? [], {
      views: project.views,
      graph,
      states: () => viewsByState(situation),
      root: project.root,
      cwd: shell.cwd,
    })
    const views = [...project.views.values()].filter((view) => selected.has(view.name))
    await validateLive({ ...open, emit: shell.reporter.emit, signal: shell.signal }, views)
    return exitCodes.done
  })
}
