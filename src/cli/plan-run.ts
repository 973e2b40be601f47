import type { Leftover } from '../engine/engine.ts'
import { selectViews, type Selection } from '../graph/selection.ts'
import { withUpstream } from '../graph/with-upstream.ts'
import { readSituation } from '../pipeline/read-situation.ts'
import { viewsByState, type Situation } from '../plan/assess-views.ts'
import { makePlan } from '../plan/make-plan.ts'
import type { Definition, Plan } from '../plan/plan.ts'
import type { ViewName } from '../project/view.ts'
import type { Publication } from '../state/publications.ts'
import type { OpenDatabase, Shell } from './command.ts'

export interface PlanRequest {
  selectors: readonly string[]
  exclude: readonly string[]
  force: boolean
  /** Everything upstream of what is selected too, fresh or not. */
  full: boolean
  now: Date
}

export interface PlannedRun {
  plan: Plan
  definitions: ReadonlyMap<ViewName, Definition>
  publications: ReadonlyMap<ViewName, Publication>
  leftovers: readonly Leftover[]
}

/** What the command line asks for, held against what the folder and the database say. */
export async function planRun(shell: Shell, open: OpenDatabase, request: PlanRequest): Promise<PlannedRun> {
  const situation = await readSituation({ ...open, now: request.now })
  const { project, graph } = open
  const selection = select(shell, open, request, situation)
  const plan = makePlan({
    ...situation,
    graph,
    selection: request.full ? withUpstream(selection, graph) : selection,
    force: request.force || request.full,
    concurrency: project.settings.concurrency,
    published: situation.publications.keys(),
  })
  const { definitions, publications, leftovers } = situation
  return { plan, definitions, publications, leftovers }
}

function select(
  shell: Shell,
  { project, graph }: OpenDatabase,
  request: PlanRequest,
  situation: Situation,
): Selection {
  return selectViews(request.selectors, request.exclude, {
    views: project.views,
    graph,
    states: () => viewsByState(situation),
    root: project.root,
    cwd: shell.cwd,
  })
}
