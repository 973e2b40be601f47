import type { View } from '../../project/view.ts'
import { countRows, type Counted, type TotalsToCount } from '../totals.ts'
import type { Session } from './connection/session.ts'
import { explainFailure } from './explain-failure.ts'

/** @param violations conditions that no row should meet, as SQL */
export const readTotals = (
  { client }: Session,
  view: View,
  wanted: TotalsToCount,
  violations?: readonly string[],
): Promise<Counted> => countRows({ client, explainFailure }, view, wanted, violations)
