import { buildGraph } from '../../../src/graph/build-graph.ts'
import type { ViewName } from '../../../src/project/view.ts'
import type { Project } from '../../../src/project/project.ts'
import { effectiveIntervals } from '../../../src/plan/intervals.ts'
import type { PlanInput } from '../../../src/plan/make-plan.ts'
import type { Definition, Plan, ViewState } from '../../../src/plan/plan.ts'

export const NOON = new Date('2024-03-01T12:00:00Z')

export const DEFINITION: Definition = { sql: 'select 1', settings: 'materialized: view' }

/** A refresh of all views at noon, where nothing was ever built, apart from what is said. */
export function makeInput(project: Project, given: Partial<PlanInput> = {}): PlanInput {
  const graph = buildGraph(project)
  return {
    project,
    graph,
    intervals: effectiveIntervals(project, graph),
    definitions: new Map([...project.views.keys()].map((name) => [name, definitionOf(project, name)])),
    states: new Map(),
    selection: { selected: new Set(project.views.keys()), named: new Set(), excluded: new Set() },
    force: false,
    now: NOON,
    previousRefresh: null,
    concurrency: 2,
    published: [],
    ...given,
  }
}

export function definitionOf(project: Project, name: ViewName): Definition {
  return { sql: 'select 1', settings: `materialized: ${project.views.get(name)?.settings.materialized}` }
}

/** Published, built at that time from the definition that the project has now. */
export function built(project: Project, name: ViewName, at: Date, given: Partial<ViewState> = {}): ViewState {
  return {
    live: 'published',
    builtAt: at,
    definition: definitionOf(project, name),
    forced: false,
    bonds: null,
    failed: false,
    usualDuration: null,
    ...given,
  }
}

/** Every view built at the given time. */
export function allBuilt(project: Project, at: Date): Map<ViewName, ViewState> {
  return new Map([...project.views.keys()].map((name) => [name, built(project, name, at)]))
}

/** What the state would be after a run that did all of the plan at once. */
export function afterRun(
  project: Project,
  states: ReadonlyMap<ViewName, ViewState>,
  plan: Plan,
  at: Date,
): Map<ViewName, ViewState> {
  const next = new Map(states)
  for (const { name } of plan.views) next.set(name, built(project, name, at))
  return next
}

export function selecting(
  selected: readonly ViewName[],
  named: readonly ViewName[] = selected,
  excluded: readonly ViewName[] = [],
): PlanInput['selection'] {
  return { selected: new Set(selected), named: new Set(named), excluded: new Set(excluded) }
}
