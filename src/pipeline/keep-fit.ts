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
  const withheld = withheldBy(failed.keys(), run.plan, run.graph, boundViews(run))
  const done = [...valuesOf(outcomes)]
  const fit = new Map(done.filter(([name]) => !withheld.has(name)))
  if (fit.size === 0) throw summary(failed)
  for (const [view] of done) {
    if (!fit.has(view)) run.emit({ type: 'view-skipped', view, because: [...failed.keys()][0] ?? view })
  }
  return { fit, failed }
}

/** Whether the live relation of a view is bound to what it reads; where there is none, nothing is. */
function boundViews({ plan, publications }: Run): (name: ViewName) => boolean {
  const missing = new Set(
    plan.views
      .filter(({ reasons }) => reasons.some((reason) => reason.kind === 'missing'))
      .map((view) => view.name),
  )
  return (name) => {
    if (missing.has(name)) return false
    const publication = publications.get(name)
    return publication === undefined || wasBound({ sql: '', settings: publication.definition_settings })
  }
}
