import { SNAPSHOT_COLUMN, historyTable } from '../../../sql/history-table.ts'
import { formatAddress, quoteLiteral } from '../../../sql/identifiers.ts'
import type { KeptCopies } from '../../history-copy.ts'
import type { NamedView } from '../../../project/view.ts'
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
    // As a number: the driver reads no dates but those of ISO, and the session has the database's style.
    const copies = await session.query<{ milliseconds: number; rows: number }>(
      `select (extract(epoch from ${SNAPSHOT_COLUMN}) * 1000)::float8 as milliseconds, count(*)::float8 as rows
       from ${relation} group by ${SNAPSHOT_COLUMN} order by ${SNAPSHOT_COLUMN} desc`,
    )
    return {
      table,
      copies: copies.map(({ milliseconds, rows }) => ({ takenAt: new Date(milliseconds), rows })),
    }
  } catch (error) {
    throw explainFailure(error, { code: 'history', what: `${relation} could not be read`, file: null })
  }
}
