import { formatAddress } from '../../../sql/identifiers.ts'
import { historyTable } from '../../../sql/history-table.ts'
import type { PrunedCopies } from '../../history-copy.ts'
import { explainHistoryFailure } from '../../history-errors.ts'
import type { Connector } from '../connection/connector.ts'
import { transaction } from '../../transaction.ts'
import { addressOf } from '../places.ts'
import { explainFailure } from '../sql-error.ts'
import { beginHistory } from './copy.ts'
import { pruneStatement } from './statements.ts'

/** Deletes copies that duro wrote, each by its time: what others put into the table stays. */
export async function pruneHistory(connector: Connector, pruned: PrunedCopies): Promise<void> {
  const table = historyTable(addressOf(pruned.view, 'live'))
  try {
    await connector.using('history', (session) =>
      transaction(session, beginHistory, async () => {
        await session.query(pruneStatement(table, pruned.takenAt))
        await session.query(pruned.forget)
      }),
    )
  } catch (error) {
    throw explainHistoryFailure(
      error,
      `old copies could not be removed from ${formatAddress(table)}`,
      explainFailure,
    )
  }
}
