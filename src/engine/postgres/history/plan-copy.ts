import { DuroError } from '../../../errors.ts'
import { formatAddress, quoteIdentifier, type Address } from '../../../sql/identifiers.ts'
import { SNAPSHOT_COLUMN } from '../../../sql/history-table.ts'
import type { CapturedRelation } from '../catalog/captured-relation.ts'
import { fitType } from './fit-type.ts'
import type { HistoryColumn, HistoryFacts, TableFacts } from './read-facts.ts'
import { addColumn, alterColumn, createStatements, insertStatement } from './statements.ts'

export interface CopyInput {
  /** The view, for people. */
  view: string
  live: Address
  table: Address
  takenAt: Date
  /** Object id of the table that duro knows; null: it knows none. */
  registered: number | null
}

export interface CopyPlan {
  /** Makes the table, or fits it to the columns of the view. */
  prepare: readonly string[]
  insert: string
  notices: readonly string[]
}

/** A column of a larger table is not rewritten unasked: nobody could read it meanwhile. In bytes. */
const mayRewrite = 1024 ** 3

/** @throws DuroError with the code `history`, when a copy would not keep all of the view */
export function planCopy(input: CopyInput, facts: HistoryFacts): CopyPlan {
  const { view, live, table } = input
  if (facts.live === null) throw failure(input, [`${view} is gone`], 'The next refresh builds it again.')
  const { relation, columns } = facts.live
  refuseOddColumns(input, columns)
  const insert = insertStatement(
    table,
    live,
    columns.map((column) => column.name),
    input.takenAt,
  )
  if (facts.table === null) {
    const forReaders = !showsLessToReaders(relation)
    return {
      prepare: createStatements({
        view,
        table,
        live: relation,
        columns,
        defaults: facts.defaults,
        forReaders,
      }),
      insert,
      notices: forReaders
        ? []
        : [
            `${nameOf(table)} may be read by its owner only: what a reader sees of ${view} depends on the reader`,
          ],
    }
  }
  refuseOtherRelation(input, facts.table)
  return {
    prepare: fitTable(input, columns, facts.table),
    insert,
    notices:
      input.registered === facts.table.id
        ? []
        : [`${nameOf(table)} was there already: the copies are added to what is in it`],
  }
}

function refuseOddColumns(input: CopyInput, columns: readonly HistoryColumn[]): void {
  const odd = complaintsAboutColumns(input.view, columns)
  if (odd !== null) throw failure(input, odd.complaints, odd.hint)
}

/** What no copy can be made of; null: nothing. */
export function complaintsAboutColumns(
  view: string,
  columns: readonly HistoryColumn[],
): { complaints: readonly string[]; hint: string } | null {
  if (columns.some((column) => column.name === SNAPSHOT_COLUMN)) {
    const hint = 'Give that column another name.'
    return { complaints: [`${view} has a column ${SNAPSHOT_COLUMN} of its own`], hint }
  }
  const ofRelation = columns.filter((column) => column.ofRelation)
  if (ofRelation.length === 0) return null
  const complaints = ofRelation.map(({ name, type }) => `column ${name} holds rows of ${type}`)
  return { complaints, hint: 'Choose the columns that are needed, or make it to_jsonb(…).' }
}

function refuseOtherRelation(input: CopyInput, table: TableFacts): void {
  const column = table.columns.find(({ name }) => name === SNAPSHOT_COLUMN)
  const isTable = table.kind === 'r' || table.kind === 'p'
  if (isTable && column?.type === 'timestamp with time zone') return
  const what = !isTable
    ? 'something else than a table stands under its name'
    : column === undefined
      ? `a table without ${SNAPSHOT_COLUMN} stands under its name`
      : `its column ${SNAPSHOT_COLUMN} is a ${column.type}`
  const hint =
    isTable && column !== undefined
      ? `alter table ${formatAddress(input.table)} alter column ${SNAPSHOT_COLUMN} type timestamptz`
      : 'Rename it, or rename the view.'
  throw failure(input, [what], hint)
}

/** New columns are added; what the view has lost stays as it is, and null from now on. */
function fitTable(
  { table, ...input }: CopyInput,
  columns: readonly HistoryColumn[],
  kept: TableFacts,
): string[] {
  const present = new Map(kept.columns.map((column) => [column.name, column]))
  const complaints: string[] = []
  const hints: string[] = []
  const statements = columns.flatMap((column) => {
    const before = present.get(column.name)
    if (before === undefined) return [addColumn(table, column)]
    const fit = fitType(before.type, column.type)
    if (fit.kind === 'fits') return []
    if (fit.kind === 'widen' && !(fit.rewrites && kept.bytes > mayRewrite))
      return [alterColumn(table, { ...before }, fit.to)]
    complaints.push(`column ${column.name} is ${column.type} now, and ${before.type} in ${nameOf(table)}`)
    hints.push(
      fit.kind === 'widen'
        ? `The table is too large to be rewritten unasked: ${alterColumn(table, before, fit.to)}`
        : renameHint(table, column),
    )
    return []
  })
  if (complaints.length > 0) throw failure({ ...input, table }, complaints, hints.join('\n'))
  return statements
}

function renameHint(table: Address, { name, type }: HistoryColumn): string {
  const [relation, column] = [formatAddress(table), quoteIdentifier(name)]
  return (
    `Keep what there is under another name, and a new column is added: ` +
    `alter table ${relation} rename column ${column} to …\n` +
    `Or convert it: alter table ${relation} alter column ${column} type ${type} using ${column}::${type}`
  )
}

/** Rows that policies hide, or that the reader's own rights decide on, must not come to light by being copied. */
function showsLessToReaders({ objects, options }: CapturedRelation): boolean {
  const invoker = options.some((option) => /^security_invoker=(true|on|yes|1)$/i.test(option))
  return invoker || objects.some((object) => object.key === 'row level security')
}

function failure(
  { view, table }: Pick<CopyInput, 'view' | 'table'>,
  complaints: readonly string[],
  hint: string,
): DuroError {
  const message = `no copy of ${view} was written into ${nameOf(table)}: ${complaints.join('; ')}`
  return new DuroError('history', message, { hint })
}

const nameOf = ({ schema, name }: Address): string => `${schema}.${name}`
