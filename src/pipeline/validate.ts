import type { BuiltView } from '../engine/builder.ts'
import { DuroError } from '../errors.ts'
import type { Totals, TotalsComparison } from '../events.ts'
import type { ViewName } from '../project/view.ts'
import { updateViewRun } from '../state/view-runs.ts'
import { isSameTotal } from './compare-totals.ts'
import { inParallel } from './in-parallel.ts'
import { viewOf, type Run } from './run.ts'
import { stage, timed } from './stage.ts'

/**
 * Reads the live views again: they have to be the ones that were built, with the totals that were recorded of them.
 * @param published what was built and swapped in
 * @throws DuroError with the code `validation`
 */
export async function validate(
  run: Run,
  published: ReadonlyMap<ViewName, BuiltView>,
  comparisons: readonly TotalsComparison[],
): Promise<void> {
  return stage(run, 'validate', async () => {
    const views = [...published.keys()].map((name) => viewOf(run, name))
    const live = await run.engine.inspect(views)
    const compared = await inParallel(run, [...published.keys()], async (name, signal) => {
      const built = published.get(name)
      const relation = live.get(name)
      if (built === undefined || relation?.id !== built.id)
        return [`${name} is not the relation that was published`]
      // A table may be written to as soon as it is live, a plain view follows its sources, and a materialized view
      // may have been refreshed by hand already, which shows in its storage.
      const view = viewOf(run, name)
      if (view.settings.materialized !== 'view' || relation.storage !== built.storage) return []
      const { value, duration } = await timed(() => run.engine.totals(view, 'live', signal))
      await updateViewRun(run.state, run.id, name, { validate_duration: duration })
      return differences(name, built.totals, value)
    })
    const wrong = [...compared.values()].flat()
    run.emit({ type: 'totals-compared', comparisons })
    if (wrong.length > 0)
      throw new DuroError('validation', `the published views are not what was built:\n${wrong.join('\n')}`)
  })
}

function differences(name: ViewName, built: Totals, live: Totals): string[] {
  return Object.entries(built).flatMap(([total, value]) =>
    isSameTotal(value, live[total] ?? null)
      ? []
      : [`${name}: ${total} is ${live[total] ?? 'nothing'}, and was ${value ?? 'nothing'} when it was built`],
  )
}
