import { SNAPSHOT_COLUMN, historyTable } from '../../../sql/history-table.ts'
import { formatAddress, quoteLiteral } from '../../../sql/identifiers.ts'
import type { KeptCopies, NamedView } from '../../engine.ts'
import type { Session } from '../connection/session.ts'
import { addressOf } from '../places.ts'
import { explainFailure } from '../sql-error.ts'

/** The copies in a view's history table, newest first; null without a table. */
export async function listCopies(session: Session, view: NamedView): Promise<KeptCopies | null> {
  const table = historyTable(addressOf(view, 'live'))
  const relation = formatAddress(table)
  const [found] = await session.query<{ present: boolean }>(
    `select to_regclass(${quoteLiteral(relation)}) is not null as present`,
  )
  if (found?.present !== true) return null
  try {
    const copies = await session.query<{ takenAt: Date; rows: number }>(
      `select ${SNAPSHOT_COLUMN} as "takenAt", count(*)::float8 as rows from ${relation} group by 1 order by 1 desc`,
    )
    return { table, copies }
  } catch (error) {
    throw explainFailure(error, { code: 'history', what: `${relation} could not be read`, file: null })
  }
}
