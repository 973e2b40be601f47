import { toError } from '../errors.ts'
import type { BuiltView, OnTestable } from '../engine/builder.ts'
import type { Counted } from '../engine/totals.ts'
import type { ViewName } from '../project/view.ts'
import type { Background } from './background.ts'
import type { Outcome, Outcomes } from './outcomes.ts'

/**
 * What new versions still need is done behind the back of the builds.
 * @param onTestable told of each view that can be tested
 */
export function createSettling(
  background: Background,
  onTestable: (name: ViewName, violated: Counted['violated']) => void,
) {
  const all = new Map<ViewName, Promise<Outcome<BuiltView>>>()
  return {
    add(name: ViewName, settle: (onTestable: OnTestable) => Promise<BuiltView>): void {
      const outcome = background
        .soon(() => settle((violated) => onTestable(name, violated)))
        .then(
          (value): Outcome<BuiltView> => ({ kind: 'done', value }),
          (error: unknown): Outcome<BuiltView> => ({ kind: 'failed', error: toError(error) }),
        )
      all.set(name, outcome)
    },
    /** Never rejects: nothing goes on behind the back of who waited for it. */
    async done(): Promise<Outcomes<BuiltView>> {
      const outcomes = new Map<ViewName, Outcome<BuiltView>>()
      for (const [name, outcome] of all) outcomes.set(name, await outcome)
      return outcomes
    },
  }
}
