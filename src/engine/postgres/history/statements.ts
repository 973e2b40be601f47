import { formatAddress, quoteIdentifier, quoteLiteral, type Address } from '../../../sql/identifiers.ts'
import { SNAPSHOT_COLUMN } from '../../../sql/history-table.ts'
import type { CapturedRelation, Grant } from '../catalog/captured-relation.ts'
import { holdersByDefault, type DefaultGrants } from '../catalog/default-grants.ts'
import { columnGrantStatements, grantStatements } from '../statements/grants.ts'
import { commentStatement } from '../statements/marker.ts'
import type { HistoryColumn } from './read-facts.ts'

export interface HistoryTable {
  /** The view, for people. */
  view: string
  table: Address
  live: CapturedRelation
  columns: readonly HistoryColumn[]
  defaults: DefaultGrants
  /** False: its readers see less of the view than the table would show them. */
  forReaders: boolean
}

/** An ordinary table, whose columns may all be null: the view may lose any of them. */
export function createStatements(history: HistoryTable): string[] {
  const relation = formatAddress(history.table)
  const { owner } = history.live
  const columns = [
    ...history.columns.map((column) => `${quoteIdentifier(column.name)} ${typeOf(column)}`),
    `${SNAPSHOT_COLUMN} timestamptz not null`,
  ]
  return [
    `create table ${relation} (${columns.join(', ')})`,
    commentStatement('table', relation, `Dated copies of ${history.view}, kept by duro.`),
    // Copies are looked for, and pruned, by their time.
    `create index on ${relation} (${SNAPSHOT_COLUMN})`,
    `alter table ${relation} owner to ${quoteIdentifier(owner)}`,
    ...readerStatements(history, relation),
  ]
}

/** Those who may read the view may read its history. All is granted by the owner: other grantors have no right here. */
function readerStatements({ table, live, defaults, forReaders }: HistoryTable, relation: string): string[] {
  const { owner } = live
  const present = holdersByDefault(owner, defaults, table.schema)
  if (!forReaders) return grantStatements(relation, owner, null, present)
  const all = { grantee: owner, grantor: owner, privilege: 'ALL', grantable: false }
  const selects = (grants: readonly Grant[] | null): Grant[] =>
    (grants ?? [])
      .filter((grant) => grant.privilege === 'SELECT' && grant.grantee !== owner)
      .map((grant) => ({ ...grant, grantor: owner }))
  return [
    ...grantStatements(relation, owner, [all, ...selects(live.grants)], present),
    ...live.columns.flatMap((column) =>
      columnGrantStatements(relation, owner, column.name, selects(column.grants)),
    ),
  ]
}

export const addColumn = (table: Address, column: HistoryColumn): string =>
  `alter table ${formatAddress(table)} add column ${quoteIdentifier(column.name)} ${typeOf(column)}`

export const alterColumn = (table: Address, column: HistoryColumn, type: string): string =>
  `alter table ${formatAddress(table)} alter column ${quoteIdentifier(column.name)} type ${typeOf({ ...column, type })}`

export function insertStatement(
  table: Address,
  live: Address,
  columns: readonly string[],
  takenAt: Date,
): string {
  const names = columns.map(quoteIdentifier)
  return (
    `insert into ${formatAddress(table)} (${[...names, SNAPSHOT_COLUMN].join(', ')}) ` +
    `select ${[...names, timestamp(takenAt)].join(', ')} from ${formatAddress(live)}`
  )
}

export const pruneStatement = (table: Address, takenAt: readonly Date[]): string =>
  `delete from ${formatAddress(table)} where ${SNAPSHOT_COLUMN} in (${takenAt.map(timestamp).join(', ')})`

const timestamp = (time: Date): string => `${quoteLiteral(time.toISOString())}::timestamptz`

const typeOf = ({ type, collation }: HistoryColumn): string =>
  collation === null ? type : `${type} collate ${collation}`
