import type { Totals } from '../../events.ts'
import type { View } from '../../project/view.ts'
import { formatAddress, quoteIdentifier } from '../../sql/identifiers.ts'
import type { Place } from '../engine.ts'
import type { Session } from './connection/session.ts'
import { explainFailure } from './explain-failure.ts'
import { addressOf } from './places.ts'

export function totalsQuery(relation: string, totals: Readonly<Record<string, string>>): string {
  const columns = [
    'count(*) as "rows"',
    ...Object.entries(totals).map(([name, aggregate]) => `(${aggregate}) as ${quoteIdentifier(name)}`),
  ]
  return `select ${columns.join(', ')} from ${relation}`
}

/** A plain view stores nothing that could be counted without running it: it has no totals but declared ones. */
export async function readTotals(session: Session, view: View, place: Place): Promise<Totals> {
  const { materialized, totals } = view.settings
  if (materialized === 'none' && Object.keys(totals).length === 0) return {}
  const relation = formatAddress(addressOf(view, place))
  try {
    const { rows } = await session.client.query<(string | null)[]>({
      text: totalsQuery(relation, totals),
      rowMode: 'array',
      types: asPrinted,
    })
    const values = rows[0] ?? []
    // By place: the server gives the names back in lower case.
    return Object.fromEntries(
      ['rows', ...Object.keys(totals)].map((name, index) => [name, values[index] ?? null]),
    )
  } catch (error) {
    throw explainFailure(error, {
      code: 'build',
      what: `the totals of ${view.name} could not be computed`,
      file: view.file,
    })
  }
}

/** No digit of a number gets lost on its way, and no cast is needed, which Redshift lacks for some types. */
export const asPrinted = { getTypeParser: () => (value: string) => value }
