import { copyFromCsv } from './copy-from-csv.ts'
import { copyIntoTable } from './copy-into-table.ts'
import { insertStatement, isInserted } from './insert-into-table.ts'
import type { Work } from './work.ts'

/**
 * Rows that everybody can see: those of a REFRESH, and of a COPY with FREEZE, are visible to every snapshot,
 * older ones included. Those of CREATE TABLE AS are not: the other views of the run, whose snapshot is older,
 * and readers in long transactions would find the relation empty. Nor are inserted ones, hence the wait for them.
 */
export async function fill(work: Work): Promise<void> {
  switch (work.kind) {
    case 'materialized view':
      await work.session.query(`refresh materialized view ${work.relation}`)
      break
    case 'table':
      if (work.rows !== null) await copyFromCsv(work, work.rows)
      else if (isInserted(work.context, work.input))
        await work.session.query(insertStatement(work.relation, work.input.sql.text))
      else await copyIntoTable(work)
      break
    default: // a plain view has no rows
  }
}
