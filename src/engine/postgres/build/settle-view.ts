import { formatAddress } from '../../../sql/identifiers.ts'
import type { BuiltView, MadeView, ViewToBuild } from '../../engine.ts'
import { interruptible } from '../connection/interruptible.ts'
import { addressOf } from '../places.ts'
import { explainFailure } from '../sql-error.ts'
import { readTotals } from '../totals.ts'
import type { BuildContext } from './work.ts'

/** What a new version still needs once it is committed, while the views that read it are built already. */
export async function settleView(
  context: BuildContext,
  { view, isRead }: ViewToBuild,
  made: MadeView,
  signal: AbortSignal,
): Promise<BuiltView> {
  try {
    return await context.workers.using((session) =>
      interruptible(session, context.control, signal, async () => {
        const statement = upkeep(view.settings.materialized, isRead)
        if (statement !== null) await session.query(`${statement} ${formatAddress(addressOf(view, 'new'))}`)
        const [row] = await session.query<{ storage: string | null }>(
          'select pg_relation_filenode($1::oid)::text as storage',
          [made.id],
        )
        return { ...made, storage: row?.storage ?? null, totals: await readTotals(session, view, 'new') }
      }),
    )
  } catch (error) {
    throw explainFailure(error, {
      code: 'build',
      what: `${view.name} could not be built`,
      file: view.file,
    })
  }
}

/**
 * A REFRESH sets no visibility bits, and without them no scan is index-only; a frozen COPY sets them. What other views
 * of the run read was analyzed before they could.
 */
export function upkeep(
  materialized: ViewToBuild['view']['settings']['materialized'],
  isRead: boolean,
): string | null {
  if (materialized === 'none') return null
  if (materialized === 'view') return isRead ? 'vacuum' : 'vacuum (analyze)'
  return isRead ? null : 'analyze'
}
