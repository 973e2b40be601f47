import { toError } from '../errors.ts'
import pLimit from 'p-limit'
import type { BuiltView } from '../engine/engine.ts'
import type { ViewName } from '../project/view.ts'
import type { Outcome, Outcomes } from './outcomes.ts'

/** What is done behind the back of the builds, as many at once as views are built. */
export function createSettling(concurrency: number) {
  const limit = pLimit(concurrency)
  const all = new Map<ViewName, Promise<Outcome<BuiltView>>>()
  return {
    add(name: ViewName, settle: () => Promise<BuiltView>): void {
      const outcome = limit(settle).then(
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
