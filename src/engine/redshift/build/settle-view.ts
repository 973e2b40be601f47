import type { BuiltView, MadeView, ViewToBuild } from '../../engine.ts'
import { interruptible } from '../../interruptible.ts'
import { cancelling } from '../ask.ts'
import { explainFailure } from '../explain-failure.ts'
import { readTotals } from '../totals.ts'
import type { BuildContext } from './work.ts'

/** Redshift has analyzed what it made: only the totals are left. */
export async function settleView(
  context: BuildContext,
  { view }: ViewToBuild,
  made: MadeView,
  signal: AbortSignal,
): Promise<BuiltView> {
  try {
    return await context.workers.using((session) =>
      interruptible(cancelling(session, context.control), signal, async () => ({
        ...made,
        storage: null,
        totals: await readTotals(session, view, 'new'),
      })),
    )
  } catch (error) {
    const what = `${view.name} could not be built`
    throw explainFailure(error, { code: 'build', what, file: view.file })
  }
}
