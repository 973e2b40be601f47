import type { View } from '../../project/view.ts'
import { formatAddress } from '../../sql/identifiers.ts'
import type { Place } from '../engine.ts'
import { countRows, type Counted } from '../totals.ts'
import type { Session } from './connection/session.ts'
import { addressOf } from './places.ts'
import { explainFailure } from './sql-error.ts'

/** @param violations conditions that no row should meet, as SQL */
export const readTotals = (
  { client }: Session,
  view: View,
  place: Place,
  violations?: readonly string[],
): Promise<Counted> =>
  countRows({ client, relation: formatAddress(addressOf(view, place)), explainFailure }, view, violations)
