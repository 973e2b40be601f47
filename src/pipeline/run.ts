import { parseDeclared } from '../engine/declared.ts'
import type { Engine, Leftover, ObstacleOptions } from '../engine/engine.ts'
import type { Emit } from '../events.ts'
import type { Lookup } from '../project/expand-variables.ts'
import type { Graph } from '../graph/graph.ts'
import type { Definition, Plan } from '../plan/plan.ts'
import type { Project } from '../project/project.ts'
import type { View, ViewName } from '../project/view.ts'
import type { Publication } from '../state/publications.ts'
import type { State } from '../state/state.ts'
import { DuroError } from '../errors.ts'

export interface RunOptions {
  /** Stop after build and test; `duro swap` publishes. */
  noSwap: boolean
  /** Publish what does not depend on a failed view. */
  keepGoing: boolean
  /** Cancel what is in work when a view fails. */
  failFast: boolean
  /** Tables that duro did not make may be replaced. */
  replaceTables: boolean
  /** Milliseconds in which everything before the publication has to be done; null: no limit. */
  timeout: number | null
}

/** One execution of the pipeline: everything that its stages share. Nothing in it changes while the run lasts. */
export interface Run {
  id: string
  project: Project
  graph: Graph
  plan: Plan
  definitions: ReadonlyMap<ViewName, Definition>
  /** What was published when the run began. */
  publications: ReadonlyMap<ViewName, Publication>
  /** What duro had made and was not live when the run began. */
  leftovers: readonly Leftover[]
  engine: Engine
  state: State
  options: RunOptions
  /** What scripts and imports get to see of it is decided view by view. */
  env: NodeJS.ProcessEnv
  /** The same, and behind it `.env`. */
  variables: Lookup
  emit: Emit
  signal: AbortSignal
  /** The time that ages and intervals are measured by. */
  clock: () => Date
}

export function viewOf(run: Pick<Run, 'project'>, name: ViewName): View {
  const view = run.project.views.get(name)
  if (view === undefined) throw new DuroError('internal', `${name} is not in the project`)
  return view
}

/** The views of the plan, upstream first. */
export function plannedViews(run: Pick<Run, 'project' | 'plan'>): View[] {
  return run.plan.views.map(({ name }) => viewOf(run, name))
}

/** What the engine needs to know to say what stands in the way of a plan. */
export function obstacleOptions(
  run: Pick<Run, 'project' | 'plan' | 'publications' | 'leftovers' | 'emit'>,
  replaceTables: boolean,
): ObstacleOptions {
  return {
    views: plannedViews(run),
    published: new Map([...run.publications.values()].map(({ name, relation }) => [name, relation])),
    removed: new Set(run.plan.removed),
    declaredIndexes: (view) => parseDeclared(run.publications.get(view)?.declared ?? null)?.indexes ?? [],
    replaceTables,
    leftovers: run.leftovers,
    emit: run.emit,
  }
}
