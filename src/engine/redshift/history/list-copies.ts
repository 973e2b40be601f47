import { SNAPSHOT_COLUMN, historyTable } from '../../../sql/history-table.ts'
import { formatAddress } from '../../../sql/identifiers.ts'
import type { KeptCopies } from '../../history-copy.ts'
import type { NamedView } from '../../../project/view.ts'
import { readRelations } from '../catalog/relations.ts'
import type { Session } from '../connection/session.ts'
import { explainFailure } from '../explain-failure.ts'
import { addressOf } from '../places.ts'

/** The copies in a view's history table, newest first; null without a table. */
export async function listCopies(session: Session, view: NamedView): Promise<KeptCopies | null> {
  const table = historyTable(addressOf(view, 'live'))
  const relation = formatAddress(table)
  if (!(await readRelations(session, [table])).has(relation)) return null
  try {
    // The server gives names back in lower case.
    const copies = await session.query<{ taken_at: Date; n: number }>(
      `select ${SNAPSHOT_COLUMN} as taken_at, count(*) as n from ${relation} group by 1 order by 1 desc`,
    )
    return { table, copies: copies.map(({ taken_at: takenAt, n: rows }) => ({ takenAt, rows })) }
  } catch (error) {
    throw explainFailure(error, { code: 'history', what: `${relation} could not be read`, file: null })
  }
}
