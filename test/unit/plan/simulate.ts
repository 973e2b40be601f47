import type { Project } from '../../../src/project/project.ts'
import type { ViewName } from '../../../src/project/view.ts'
import { makePlan } from '../../../src/plan/make-plan.ts'
import type { ViewState } from '../../../src/plan/plan.ts'
import { afterRun, makeInput } from './make-input.ts'

export interface Simulation {
  project: Project
  /** When cron starts a refresh of all views, in milliseconds. */
  starts: readonly number[]
  /** From the start of a run until its builds read the sources. */
  untilBuild?: number
  /** Whether the state tables tell when the previous refresh began. */
  remembersRefreshes: boolean
}

/** Cron over some days, without waiting: at which of its starts each view was rebuilt. */
export function simulate({ project, starts, untilBuild = 0, remembersRefreshes }: Simulation) {
  const runs = new Map<ViewName, number[]>([...project.views.keys()].map((name) => [name, []]))
  const input = makeInput(project)
  let states: ReadonlyMap<ViewName, ViewState> = new Map()
  let previous: Date | null = null
  for (const start of starts) {
    const now = new Date(start)
    const plan = makePlan({ ...input, states, now, previousRefresh: remembersRefreshes ? previous : null })
    for (const { name } of plan.views) runs.get(name)?.push(start)
    states = afterRun(project, states, plan, new Date(start + untilBuild))
    previous = now
  }
  return Object.fromEntries(runs)
}

/** Every so often from 0 until `end`, each a little late. */
export function cron(every: number, end: number, lateness: (index: number) => number = () => 0): number[] {
  return Array.from({ length: Math.floor(end / every) }, (_, index) => index * every + lateness(index))
}
