import { quoteIdentifier, type Address } from '../sql/identifiers.ts'
import type { HistoryTablesTable } from './schema.ts'
import type { State, StateText } from './state.ts'

export type RegisteredHistory = HistoryTablesTable

/** The history tables that duro has made or taken over, by view. */
export async function readHistoryTables({ db }: State): Promise<ReadonlyMap<string, RegisteredHistory>> {
  const rows = await db.selectFrom('history_tables').selectAll().execute()
  return new Map(rows.map((row) => [row.view, row]))
}

/** As text, for the transaction that makes the table. @param id SQL for its object id */
export function registerHistoryStatements(
  { schema, literal }: StateText,
  view: string,
  table: Address,
  id: string,
): string[] {
  const known = `${quoteIdentifier(schema)}.history_tables`
  const values = [view, table.schema, table.name].map(literal)
  return [
    `delete from ${known} where view = ${literal(view)}`,
    `insert into ${known} (view, schema_name, relation_name, relation) values (${values.join(', ')}, ${id})`,
  ]
}
