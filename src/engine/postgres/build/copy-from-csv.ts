import { createReadStream } from 'node:fs'
import { DuroError } from '../../../errors.ts'
import type { View } from '../../../project/view.ts'
import { quoteIdentifier } from '../../../sql/identifiers.ts'
import { checkCsvHeader, type TableColumns } from '../../check-csv-header.ts'
import type { CsvRows } from '../../builder.ts'
import type { Session } from '../connection/session.ts'
import { copyIn } from './copy-in.ts'
import { findEndMarker } from './find-end-marker.ts'
import type { Work } from './work.ts'

/** The rows that a feed made, frozen like all others: the table was made in this transaction. */
export async function copyFromCsv(work: Work, { path, columns }: CsvRows): Promise<void> {
  const { session, relation, signal, input } = work
  checkCsvHeader(input.view, columns, await readColumns(session, relation), (column) => column)
  if (session.version < 180_000) await refuseEndMarker(input.view, path)
  await copyIn(session, copyStatement(relation, columns), () => createReadStream(path), { signal })
}

/** The server would ignore the rest of the rows without a word. */
async function refuseEndMarker({ name }: View, path: string): Promise<void> {
  const line = await findEndMarker(path)
  if (line === null) return
  throw new DuroError('build', `${name} could not be built: line ${line} of the CSV is \\.`, {
    hint: 'PostgreSQL 17 and older take such a line for the end of the data. Put the value in quotes: "\\."',
  })
}

/** @param columns null: they are not known yet */
export function copyStatement(relation: string, columns: readonly string[] | null): string {
  const names = columns?.map(quoteIdentifier).join(', ') ?? '…'
  return `copy ${relation} (${names}) from stdin (format csv, header, freeze, encoding 'UTF8')`
}

async function readColumns(session: Session, relation: string): Promise<TableColumns> {
  const columns = await session.query<{ name: string; optional: boolean }>(
    `select attname::text as name, atthasdef or attidentity <> '' as optional
     from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`,
    [relation],
  )
  return {
    allowed: columns.map(({ name }) => name),
    wanted: columns.filter(({ optional }) => !optional).map(({ name }) => name),
  }
}
