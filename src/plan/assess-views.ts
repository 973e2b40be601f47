import { DuroError } from '../errors.ts'
import type { StateSelectors } from '../graph/selection-context.ts'
import type { Project } from '../project/project.ts'
import type { ViewName } from '../project/view.ts'
import type { Intervals } from './intervals.ts'
import type { Definition, Reason, ViewState } from './plan.ts'
import { reasonsToRebuild, UNKNOWN_VIEW } from './staleness.ts'

/** What is known when a run begins. */
export interface Situation {
  project: Project
  intervals: Intervals
  /** Of every view in the project. */
  definitions: ReadonlyMap<ViewName, Definition>
  /** A view without an entry is taken as missing. */
  states: ReadonlyMap<ViewName, ViewState>
  now: Date
  /** When the previous refresh of all views began, also one that found nothing to do; null when unknown. */
  previousRefresh: Date | null
}

/** Why each view has to be rebuilt on its own account; an empty list for what is fresh. */
export function assessViews(situation: Situation): Map<ViewName, Reason[]> {
  const { project, intervals, definitions, states, now, previousRefresh } = situation
  const sincePrevious = previousRefresh === null ? null : now.getTime() - previousRefresh.getTime()
  const assessed = new Map<ViewName, Reason[]>()
  for (const [name, view] of project.views) {
    const definition = definitions.get(name)
    if (definition === undefined) throw new DuroError('internal', `${name} has no definition`)
    const interval = intervals.get(name) ?? null
    const state = states.get(name) ?? UNKNOWN_VIEW
    assessed.set(name, reasonsToRebuild({ view, state, definition, interval, now, sincePrevious }))
  }
  return assessed
}

/** The views that `state:…` selects. `stale` is everything that a refresh would rebuild on its own account. */
export function viewsByState(situation: Situation): StateSelectors {
  const assessed = [...assessViews(situation)]
  const having = (kind: Reason['kind']) =>
    new Set(
      assessed.filter(([, reasons]) => reasons.some((each) => each.kind === kind)).map(([name]) => name),
    )
  return {
    changed: having('changed'),
    missing: having('missing'),
    stale: new Set(assessed.filter(([, reasons]) => reasons.length > 0).map(([name]) => name)),
    failed: new Set(assessed.map(([name]) => name).filter((name) => situation.states.get(name)?.failed)),
  }
}
