import type { Totals } from '../../events.ts'
import type { View } from '../../project/view.ts'
import { formatAddress } from '../../sql/identifiers.ts'
import { asPrinted } from '../as-printed.ts'
import type { Place } from '../engine.ts'
import { totalsOf, totalsQuery } from '../totals.ts'
import type { Session } from './connection/session.ts'
import { explainFailure } from './explain-failure.ts'
import { addressOf } from './places.ts'

/** A plain view stores nothing that could be counted without running it: it has no totals but declared ones. */
export async function readTotals(session: Session, view: View, place: Place): Promise<Totals> {
  const { materialized, totals } = view.settings
  if (materialized === 'none' && Object.keys(totals).length === 0) return {}
  const text = totalsQuery(formatAddress(addressOf(view, place)), totals)
  try {
    return totalsOf(await session.client.query({ text, rowMode: 'array', types: asPrinted }), totals)
  } catch (error) {
    throw explainFailure(error, {
      code: 'build',
      what: `the totals of ${view.name} could not be computed`,
      file: view.file,
    })
  }
}
