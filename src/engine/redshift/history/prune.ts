import { SNAPSHOT_COLUMN, historyTable } from '../../../sql/history-table.ts'
import { formatAddress } from '../../../sql/identifiers.ts'
import type { PrunedCopies } from '../../history-copy.ts'
import { explainHistoryFailure } from '../../history-errors.ts'
import { transaction } from '../../transaction.ts'
import { retryingConflicts } from '../conflict.ts'
import type { Session } from '../connection/session.ts'
import { explainFailure } from '../explain-failure.ts'
import { addressOf } from '../places.ts'
import { most } from './copy.ts'
import { timestamp } from './plan-copy.ts'

/** Deletes copies that duro wrote, each by its time: what others put into the table stays. */
export async function pruneHistory(session: Session, { view, takenAt, forget }: PrunedCopies): Promise<void> {
  const relation = formatAddress(historyTable(addressOf(view, 'live')))
  const times = takenAt.map(timestamp).join(', ')
  try {
    await retryingConflicts(new AbortController().signal, most, () =>
      transaction(session, 'begin', async () => {
        await session.query(`delete from ${relation} where ${SNAPSHOT_COLUMN} in (${times})`)
        await session.query(forget)
      }),
    )
  } catch (error) {
    throw explainHistoryFailure(error, `old copies could not be removed from ${relation}`, explainFailure)
  }
}
