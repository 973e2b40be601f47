import type { View } from '../project/view.ts'
import { asPublished } from './definition.ts'
import type { Definition, Reason, ViewState } from './plan.ts'
import { toleranceOf } from './tolerance.ts'

/** Everything that decides whether one view is stale; times are in milliseconds. */
export interface Circumstances {
  view: View
  state: ViewState
  definition: Definition
  interval: number | null
  now: Date
  /** @see toleranceOf */
  sincePrevious: number | null
}

/** What is assumed of a view that neither the state tables nor the catalog know. */
export const UNKNOWN_VIEW: ViewState = {
  live: 'missing',
  builtAt: null,
  definition: null,
  forced: false,
  bonds: null,
  failed: false,
  usualDuration: null,
}

/**
 * Why a view has to be rebuilt on its own account, apart from what the command line or other views ask of it;
 * empty when it is fresh. A plain view holds no rows, so age means nothing to it.
 *
 * A build may lie a little in the future, as the clocks of two hosts differ. Where it lies further ahead than the view
 * may be old, a clock was wrong, and nobody would want to wait until that time comes.
 */
export function reasonsToRebuild(of: Circumstances): Reason[] {
  const { state } = of
  const reasons: Reason[] = state.forced ? [{ kind: 'forced' }] : []
  if (state.live === 'missing') return [{ kind: 'missing' }, ...reasons]
  // A relation that duro published and cannot date or compare is as good as one that it never built.
  if (state.live === 'foreign' || state.builtAt === null || state.definition === null) {
    return [{ kind: 'never-built' }, ...reasons]
  }
  reasons.push(...changes(state.definition, asPublished(of.definition, state.definition)))
  const age = of.now.getTime() - state.builtAt.getTime()
  if (of.interval !== null && of.view.settings.materialized !== 'none') {
    const due = of.interval - toleranceOf(of.interval, of.sincePrevious)
    if (age >= due || age <= -of.interval) reasons.push({ kind: 'stale', age, interval: of.interval })
  }
  return reasons
}

function changes(published: Definition, wanted: Definition): Reason[] {
  return (['sql', 'settings'] as const)
    .filter((what) => published[what] !== wanted[what])
    .map((what) => ({ kind: 'changed', what, before: published[what], after: wanted[what] }))
}
