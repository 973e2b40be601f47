import type { Totals } from '../../events.ts'
import type { View } from '../../project/view.ts'
import { formatAddress, quoteIdentifier } from '../../sql/identifiers.ts'
import type { Place } from '../engine.ts'
import type { Session } from './connection/session.ts'
import { addressOf } from './places.ts'
import { explainFailure } from './sql-error.ts'

/** Every total as text: no digit of a numeric gets lost on its way. */
export function totalsQuery(relation: string, totals: Readonly<Record<string, string>>): string {
  const columns = [
    'count(*)::text as rows',
    ...Object.entries(totals).map(([name, aggregate]) => `(${aggregate})::text as ${quoteIdentifier(name)}`),
  ]
  return `select ${columns.join(', ')} from ${relation}`
}

/** A plain view stores nothing that could be counted without running it: it has no totals but declared ones. */
export async function readTotals(session: Session, view: View, place: Place): Promise<Totals> {
  const { materialized, totals } = view.settings
  if (materialized === 'none' && Object.keys(totals).length === 0) return {}
  const relation = formatAddress(addressOf(view, place))
  try {
    const [row] = await session.query<Record<string, string | null>>(totalsQuery(relation, totals))
    return row ?? {}
  } catch (error) {
    throw explainFailure(error, {
      code: 'build',
      what: `the totals of ${view.name} could not be computed`,
      file: view.file,
    })
  }
}
