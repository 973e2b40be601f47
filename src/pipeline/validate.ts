import type { BuiltView } from '../engine/builder.ts'
import { DuroError } from '../errors.ts'
import type { TotalsComparison } from '../events.ts'
import type { ViewName } from '../project/view.ts'
import { viewOf, type Run } from './run.ts'
import { stage } from './stage.ts'

/**
 * Looks at the live views: they have to be the very relations whose rows were counted and tested. Counting them again
 * would show nothing about them, only which totals are not the same each time they are computed: sums of floating
 * point, and what depends on the time of day.
 * @param published what was built and swapped in
 * @throws DuroError with the code `validation`
 */
export async function validate(
  run: Run,
  published: ReadonlyMap<ViewName, BuiltView>,
  comparisons: readonly TotalsComparison[],
): Promise<void> {
  return stage(run, 'validate', async () => {
    const live = await run.engine.inspect([...published.keys()].map((name) => viewOf(run, name)))
    run.emit({ type: 'totals-compared', comparisons })
    const wrong = [...published].flatMap(([name, { id }]) => (live.get(name)?.id === id ? [] : [name]))
    if (wrong.length > 0) {
      throw new DuroError('validation', `${wrong.join(', ')}: what is live is not what was published`)
    }
  })
}
