import type { BuiltView, ViewToBuild } from '../../builder.ts'
import { interruptible } from '../../interruptible.ts'
import { nothingDeclared } from '../../declared.ts'
import { cancelling } from '../ask.ts'
import { explainFailure } from '../explain-failure.ts'
import { countWith } from '../../totals.ts'
import { readTotals } from '../totals.ts'
import type { BuildContext } from './work.ts'

/**
 * Redshift has analyzed what it made: only the totals are left.
 * @param id of the new relation
 * @param liveId of what was live when it was made
 */
export async function settleView(
  context: BuildContext,
  { view, totals, violations }: ViewToBuild,
  { id, liveId }: { id: number; liveId: number | null },
  signal: AbortSignal,
): Promise<BuiltView> {
  const { grantSelect, description, columns } = view.settings
  const declared = {
    grantSelect: grantSelect ?? [],
    indexes: [],
    namedIndexes: [],
    description: description !== null,
    columns: Object.keys(columns),
    table: nothingDeclared,
    takenOver: null,
    replaces: context.replaceTables ? liveId : null,
  }
  try {
    const counted = await context.workers.using((session) =>
      interruptible(cancelling(session, context.control), signal, () =>
        countWith(violations, (wanted) => readTotals(session, view, totals, wanted)),
      ),
    )
    return { id, declared, notices: [], storage: null, ...counted }
  } catch (error) {
    const what = `${view.name} could not be built`
    throw explainFailure(error, { code: 'build', what, file: view.file })
  }
}
