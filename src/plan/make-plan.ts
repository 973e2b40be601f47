import { appendTo } from '../append-to.ts'
import { criticalPath } from '../graph/critical-path.ts'
import type { Graph } from '../graph/graph.ts'
import { schedule } from '../graph/schedule.ts'
import type { Selection } from '../graph/selection.ts'
import { byName } from '../graph/sort-views.ts'
import type { ViewName } from '../project/view.ts'
import { assessViews, type Situation } from './assess-views.ts'
import { wasBound } from './definition.ts'
import { guessDurations } from './expected-durations.ts'
import { findRebuilds, type Rebuilds } from './find-rebuilds.ts'
import type { FreshView, Plan, PlannedView, Reason, ViewState } from './plan.ts'
import { refuseExcluded } from './refuse-excluded.ts'
import { removedViews } from './removed-views.ts'
import { UNKNOWN_VIEW } from './staleness.ts'

export interface PlanInput extends Situation {
  graph: Graph
  selection: Selection
  /** `--force`: everything selected. */
  force: boolean
  /** How many views are built at once; for the expected duration of the run. */
  concurrency: number
  /** Every view that the state tables know as published. */
  published: Iterable<ViewName>
}

/**
 * Decides what a run rebuilds, in which order, and why. Nothing but its input counts: the same input gives the same plan.
 *
 * @throws DuroError (usage) when `--exclude` names views that have to be rebuilt with others
 */
export function makePlan(input: PlanInput): Plan {
  const { graph, selection } = input
  const own = reasonsOfTheirOwn(input)
  const rebuilds = findRebuilds({
    graph,
    selection,
    seeds: graph.order.filter((name) => selection.selected.has(name) && own(name).length > 0),
    isStale: (name) => own(name).length > 0,
    isBound: (name) => isBound(name, input),
    isMissing: (name) => stateOf(name, input).live === 'missing',
    hangingOn: hangingOn(input, own),
  })
  refuseExcluded(rebuilds)

  const views = graph.order
    .filter((name) => rebuilds.views.has(name))
    .map((name) => planView(name, own(name), rebuilds, input))
  const durations = guessDurations(views)
  const critical = new Set(criticalPath(views, durations))
  return {
    views: views.map((view) => ({ ...view, critical: critical.has(view.name) })),
    fresh: graph.order
      .filter((name) => selection.selected.has(name) && !rebuilds.views.has(name))
      .map((name) => describeFresh(name, input)),
    removed: removedViews(input.published, input.project),
    expected: views.some(({ expected }) => expected === null)
      ? null
      : schedule(views, durations, input.concurrency).makespan,
  }
}

/**
 * A table that has rows of a view as values goes along only when these may become others, since it has its own interval,
 * or when what goes along is bound to the view by such rows.
 */
function hangingOn(
  { states, graph }: PlanInput,
  own: (name: ViewName) => readonly Reason[],
): (name: ViewName) => readonly ViewName[] {
  const keeping = new Map<ViewName, ViewName[]>()
  for (const [name, { bonds }] of states)
    for (const to of bonds?.keepsRowsOf ?? []) appendTo(keeping, to, name)
  const hanging = new Map<ViewName, ViewName[]>()
  for (const [name, { bonds }] of states) {
    for (const to of bonds?.keepsRowsOf ?? [])
      if (own(to).some(({ kind }) => kind === 'changed')) appendTo(hanging, to, name)
    for (const to of bonds?.boundTo ?? []) {
      appendTo(hanging, to, name)
      for (const table of keeping.get(to) ?? [])
        if (graph.upstream.get(name)?.has(table)) appendTo(hanging, to, table)
    }
  }
  return (name) => hanging.get(name) ?? []
}

/** What staleness says, and what the command line adds for the views that it selects. */
function reasonsOfTheirOwn(input: PlanInput): (name: ViewName) => readonly Reason[] {
  const { selection, force } = input
  const assessed = assessViews(input)
  for (const name of selection.selected) {
    const reasons = assessed.get(name)
    if (reasons === undefined) continue
    if (force && !reasons.some(({ kind }) => kind === 'forced')) reasons.push({ kind: 'forced' })
    if (selection.named.has(name)) reasons.push({ kind: 'named' })
  }
  for (const [name, reasons] of assessed) {
    // Not a reason by itself: what failed is still stale for the reason for which it was tried, or was only named.
    if (reasons.length > 0 && stateOf(name, input).failed) reasons.push({ kind: 'failed' })
  }
  return (name) => assessed.get(name) ?? []
}

function planView(
  name: ViewName,
  own: readonly Reason[],
  rebuilds: Rebuilds,
  input: PlanInput,
): Omit<PlannedView, 'critical'> {
  const after = [...(input.graph.upstream.get(name) ?? [])]
    .filter((upstream) => rebuilds.views.has(upstream))
    .toSorted(byName)
  // Of a selected view its own reasons say all; one that was not asked for is here because of what it reads.
  const isAsked = input.selection.selected.has(name) && own.length > 0
  const follows: Reason[] =
    !isAsked && after.length > 0 && isBound(name, input) ? [{ kind: 'follows', upstream: after }] : []
  const { bonds } = stateOf(name, input)
  const hangsOn =
    bonds === null
      ? null
      : [...bonds.boundTo, ...bonds.keepsRowsOf].filter((other) => rebuilds.views.has(other)).toSorted(byName)
  const unsaid = (hangsOn ?? []).filter((other) => !(follows.length > 0 && after.includes(other)))
  const bound: Reason[] = !isAsked && unsaid.length > 0 ? [{ kind: 'bound', to: unsaid }] : []
  const plain = input.project.views.get(name)?.settings.materialized === 'none'
  // A plain view is created in no time, so a new one does not make the whole run unpredictable.
  const expected = stateOf(name, input).usualDuration ?? (plain ? 0 : null)
  const wanted = input.definitions.get(name)?.questions ?? null
  const asksAnew = wanted !== null && wanted !== stateOf(name, input).definition?.questions
  return { name, reasons: [...follows, ...bound, ...own], after, hangsOn, asksAnew, expected }
}

function describeFresh(name: ViewName, input: PlanInput): FreshView {
  const { builtAt } = stateOf(name, input)
  const interval = input.intervals.get(name) ?? null
  const plain = input.project.views.get(name)?.settings.materialized === 'none'
  if (plain || builtAt === null || interval === null) return { name, freshUntil: null }
  return { name, freshUntil: new Date(builtAt.getTime() + interval) }
}

/** By what it will be or by what it still is: either would be left on the old version. */
function isBound(name: ViewName, input: PlanInput): boolean {
  return (
    input.project.views.get(name)?.settings.materialized !== 'table' ||
    wasBound(stateOf(name, input).definition)
  )
}

function stateOf(name: ViewName, { states }: PlanInput): ViewState {
  return states.get(name) ?? UNKNOWN_VIEW
}
