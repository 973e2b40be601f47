import { formatAddress } from '../../../sql/identifiers.ts'
import { historyTable } from '../../../sql/history-table.ts'
import type { PrunedCopies } from '../../history-copy.ts'
import { explainHistoryFailure } from '../../history-errors.ts'
import type { Connector } from '../connection/connector.ts'
import type { Session } from '../connection/session.ts'
import { transaction } from '../../transaction.ts'
import { addressOf } from '../places.ts'
import { explainFailure } from '../sql-error.ts'
import { beginHistory } from './copy.ts'
import { pruneStatement } from './statements.ts'

/** Deletes copies that duro wrote, each by its time: what others put into the table stays. */
export async function pruneHistory(connector: Connector, pruned: PrunedCopies): Promise<void> {
  const table = historyTable(addressOf(pruned.view, 'live'))
  try {
    await connector.using('history', async (session) => {
      await identifyRows(session, formatAddress(table))
      await transaction(session, beginHistory, async () => {
        await session.query(pruneStatement(table, pruned.takenAt))
        await session.query(pruned.forget)
      })
    })
  } catch (error) {
    throw explainHistoryFailure(
      error,
      `old copies could not be removed from ${formatAddress(table)}`,
      explainFailure,
    )
  }
}

/**
 * Where a publication, such as one FOR ALL TABLES, takes in the table that duro made without a key, and publishes
 * deletes, the server refuses every delete until the rows are told apart by all their columns. Somebody who has set
 * another identity is left to it.
 */
async function identifyRows(session: Session, table: string): Promise<void> {
  const [row] = await session.query<{ missing: boolean }>(
    `select c.relreplident = 'd'
       and not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)
       and exists (
         select from pg_publication p, pg_get_publication_tables(p.pubname) as published
         where p.pubdelete and published.relid = c.oid) as missing
     from pg_class c where c.oid = to_regclass($1)`,
    [table],
  )
  if (!row?.missing) return
  await transaction(session, beginHistory, () => session.query(`alter table ${table} replica identity full`))
}
