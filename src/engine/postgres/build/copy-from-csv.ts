import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { from } from 'pg-copy-streams'
import { DuroError } from '../../../errors.ts'
import type { View } from '../../../project/view.ts'
import { quoteIdentifier } from '../../../sql/identifiers.ts'
import type { CsvRows } from '../../engine.ts'
import type { Session } from '../connection/session.ts'
import { findEndMarker } from './find-end-marker.ts'
import type { Work } from './work.ts'

/** The rows that a feed made, frozen like all others: the table was made in this transaction. */
export async function copyFromCsv(work: Work, { path, columns }: CsvRows): Promise<void> {
  const { session, relation, signal, input } = work
  const complaint = compare(columns, await readColumns(session, relation))
  if (complaint !== null) {
    throw new DuroError('build', `${input.view.name} could not be built: ${complaint}`, {
      hint: `The first line of the CSV names the columns of the table in ${input.view.file.path}, in any order.`,
    })
  }
  if (session.version < 180_000) await refuseEndMarker(input.view, path)
  await pipeline(createReadStream(path), session.client.query(from(copyStatement(relation, columns))), {
    signal,
  })
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

interface TableColumn {
  name: string
  /** A value comes from the table itself when none is given. */
  optional: boolean
  /** No value may be given. */
  generated: boolean
}

async function readColumns(session: Session, relation: string): Promise<TableColumn[]> {
  return session.query<TableColumn & Record<string, unknown>>(
    `select attname::text as name, atthasdef or attidentity <> '' as optional, attgenerated <> '' as generated
     from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`,
    [relation],
  )
}

/** What is wrong with the first line of the CSV, in words; null: nothing. */
function compare(columns: readonly string[], table: readonly TableColumn[]): string | null {
  const wanted = table.filter(({ optional, generated }) => !optional && !generated).map(({ name }) => name)
  const allowed = table.filter(({ generated }) => !generated).map(({ name }) => name)
  const missing = wanted.filter((name) => !columns.includes(name))
  const unknown = columns.filter((name) => !allowed.includes(name))
  const twice = columns.filter((name, index) => columns.indexOf(name) !== index)
  const parts = [
    ...(missing.length === 0 ? [] : [`lacks the column ${missing.join(', ')}`]),
    ...(unknown.length === 0
      ? []
      : [`has the column ${unknown.map(shown).join(', ')}, which the table lacks`]),
    ...(twice.length === 0 ? [] : [`has the column ${twice.join(', ')} twice`]),
  ]
  return parts.length === 0 ? null : `the CSV ${parts.join(', and ')}`
}

const shown = (name: string): string => (name.trim() === name && name !== '' ? name : JSON.stringify(name))
