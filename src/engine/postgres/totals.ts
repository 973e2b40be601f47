import type { View } from '../../project/view.ts'
import { formatAddress } from '../../sql/identifiers.ts'
import { asPrinted } from '../as-printed.ts'
import type { Place } from '../engine.ts'
import { countedOf, isCounted, totalsQuery, type Counted } from '../totals.ts'
import type { Session } from './connection/session.ts'
import { addressOf } from './places.ts'
import { explainFailure } from './sql-error.ts'

/** @param violations conditions that no row should meet, as SQL */
export async function readTotals(
  session: Session,
  view: View,
  place: Place,
  violations: readonly string[] = [],
): Promise<Counted> {
  if (!isCounted(view.settings)) return { totals: {}, violated: null }
  const { totals } = view.settings
  const text = totalsQuery(formatAddress(addressOf(view, place)), totals, violations)
  try {
    return countedOf(await session.client.query({ text, rowMode: 'array', types: asPrinted }), totals)
  } catch (error) {
    throw explainFailure(error, {
      code: 'build',
      what: `the totals of ${view.name} could not be computed`,
      file: view.file,
    })
  }
}
