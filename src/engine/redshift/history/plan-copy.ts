import { DuroError } from '../../../errors.ts'
import { SNAPSHOT_COLUMN } from '../../../sql/history-table.ts'
import { formatAddress, quoteIdentifier, type Address } from '../../../sql/identifiers.ts'
import { quoteRedshiftLiteral } from '../../../sql/redshift/quote-literal.ts'
import type { RelationWithColumns } from '../catalog/relations.ts'
import { commentStatement } from '../statements/comments.ts'
import { grantStatements, type Grant } from '../statements/grants.ts'
import { fitType } from './fit-type.ts'

export interface CopyInput {
  /** The view, for people. */
  view: string
  table: Address
  takenAt: Date
  /** Object id of the table that duro knows; null: it knows none. */
  registered: number | null
}

/** What the catalog says; null: nothing stands there. */
export interface CopyFacts {
  live: RelationWithColumns | null
  table: RelationWithColumns | null
  /** On the live version. */
  grants: readonly Grant[]
}

export interface CopyPlan {
  /** Widens columns, which Redshift does in no transaction. */
  widen: readonly string[]
  /** Makes the table, or adds the columns that it lacks. */
  prepare: readonly string[]
  insert: string
  notices: readonly string[]
}

/** @throws DuroError with the code `history`, when a copy would not keep all of the view */
export function planCopy(input: CopyInput, { live, table, grants }: CopyFacts): CopyPlan {
  const { view, takenAt } = input
  const relation = formatAddress(input.table)
  if (live === null) throw failure(input, `${view} is gone`, 'The next refresh builds it again.')
  const names = live.columns.map(({ name }) => name)
  if (names.includes(SNAPSHOT_COLUMN)) {
    const complaint = `${view} has a column ${SNAPSHOT_COLUMN} of its own`
    throw failure(input, complaint, 'Give that column another name.')
  }
  const columns = [...names.map(quoteIdentifier), SNAPSHOT_COLUMN].join(', ')
  const values = [...names.map(quoteIdentifier), timestamp(takenAt)].join(', ')
  const insert = `insert into ${relation} (${columns}) select ${values} from ${formatAddress(live)}`
  if (table === null)
    return { widen: [], prepare: createStatements(input, live, grants), insert, notices: [] }
  refuseOther(input, table)
  const notices =
    input.registered === table.id
      ? []
      : [`${input.table.schema}.${input.table.name} was there already: the copies are added to what is in it`]
  return { ...fitTable(input, live, table), insert, notices }
}

/** An ordinary table, sorted by the time of its copies, by which they are looked for and pruned. */
function createStatements(
  { view, table }: CopyInput,
  live: RelationWithColumns,
  grants: readonly Grant[],
): string[] {
  const relation = formatAddress(table)
  const columns = live.columns.map(({ name, type }) => `${quoteIdentifier(name)} ${type}`)
  const time = `${SNAPSHOT_COLUMN} timestamptz not null`
  const readers = grants.filter(
    ({ privilege, grantee }) =>
      privilege === 'select' && !(grantee.kind === 'user' && grantee.name === live.owner),
  )
  return [
    `create table ${relation} (${[...columns, time].join(', ')}) sortkey(${SNAPSHOT_COLUMN})`,
    commentStatement(`table ${relation}`, `Dated copies of ${view}, kept by duro.`),
    ...grantStatements(relation, readers),
  ]
}

function fitTable(
  input: CopyInput,
  live: RelationWithColumns,
  table: RelationWithColumns,
): Pick<CopyPlan, 'widen' | 'prepare'> {
  const relation = formatAddress(input.table)
  const present = new Map(table.columns.map(({ name, type }) => [name, type]))
  const [widen, prepare]: [string[], string[]] = [[], []]
  for (const { name, type } of live.columns) {
    const kept = present.get(name)
    const column = quoteIdentifier(name)
    const fit = kept === undefined ? 'lacks' : fitType(kept, type)
    if (fit === 'lacks') prepare.push(`alter table ${relation} add column ${column} ${type}`)
    if (fit === 'widen') widen.push(`alter table ${relation} alter column ${column} type ${type}`)
    if (fit === 'incompatible') {
      const hint =
        'Keep what there is under another name, and a new column is added: ' +
        `alter table ${relation} rename column ${column} to …`
      throw failure(input, `column ${name} is ${type} now, and ${kept} in ${relation}`, hint)
    }
  }
  return { widen, prepare }
}

function refuseOther(input: CopyInput, { kind, columns }: RelationWithColumns): void {
  const type = columns.find(({ name }) => name === SNAPSHOT_COLUMN)?.type
  if (kind === 'table' && type === 'timestamp with time zone') return
  const complaint =
    kind !== 'table'
      ? 'something else than a table stands under its name'
      : type === undefined
        ? `a table without ${SNAPSHOT_COLUMN} stands under its name`
        : `its column ${SNAPSHOT_COLUMN} is a ${type}`
  throw failure(input, complaint, 'Rename it, or rename the view.')
}

export const timestamp = (time: Date): string => `${quoteRedshiftLiteral(time.toISOString())}::timestamptz`

function failure({ view, table }: CopyInput, complaint: string, hint: string): DuroError {
  const message = `no copy of ${view} was written into ${table.schema}.${table.name}: ${complaint}`
  return new DuroError('history', message, { hint })
}
