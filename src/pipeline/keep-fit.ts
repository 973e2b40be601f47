import { wasBound } from '../plan/definition.ts'
import type { ViewName } from '../project/view.ts'
import { failuresOf, summary, valuesOf, withheldBy, type Outcomes } from './outcomes.ts'
import type { Run } from './run.ts'

/** What may still be published after a stage. */
export interface Fit<T> {
  fit: ReadonlyMap<ViewName, T>
  /** In this stage and those before. */
  failed: ReadonlyMap<ViewName, Error>
}

/**
 * Sorts out what failed in a stage, and what has to stay back with it.
 * @throws when anything failed, without `--keep-going`; with it, when nothing is left
 */
export function keepFit<T>(
  run: Run,
  outcomes: Outcomes<T>,
  failedBefore: ReadonlyMap<ViewName, Error> = new Map(),
): Fit<T> {
  const failedHere = failuresOf(outcomes)
  if (failedHere.size > 0 && !run.options.keepGoing) throw summary(failedHere)
  const failed = new Map([...failedBefore, ...failedHere])
  const withheld = withheldBy(failed.keys(), run.plan, run.graph, hangingOn(run))
  const done = [...valuesOf(outcomes)]
  const fit = new Map(done.filter(([name]) => !withheld.has(name)))
  if (fit.size === 0) throw summary(failed)
  for (const [view] of done) {
    if (!fit.has(view)) run.emit({ type: 'view-skipped', view, because: [...failed.keys()][0] ?? view })
  }
  return { fit, failed }
}

/** What the live relation of a view hangs on; where there is none, it hangs on nothing. */
function hangingOn({ plan, graph, publications }: Run): (name: ViewName) => Iterable<ViewName> {
  const planned = new Map(plan.views.map((view) => [view.name, view]))
  return (name) => {
    const view = planned.get(name)
    if (view === undefined || view.reasons.some((reason) => reason.kind === 'missing')) return []
    if (view.hangsOn !== null) return view.hangsOn
    const publication = publications.get(name)
    const isBound =
      publication === undefined || wasBound({ sql: '', settings: publication.definition_settings })
    return isBound ? (graph.upstream.get(name) ?? []) : []
  }
}
