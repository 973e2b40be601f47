import type { Fields } from '../protocol/fields.ts'
import type { Context } from '../translate/context.ts'
import type { Named } from '../translate/names.ts'
import type { LoadedFile } from './copy.ts'

/** The transaction is lost, but what went wrong with the load stays to be read in the system tables. */
export async function explainLoadError(
  fields: Fields,
  table: Named,
  files: readonly LoadedFile[],
  context: Context,
): Promise<Fields> {
  const where = /COPY .*?, line (\d+)(?:, column ([^:]+))?(?:: "(.*)")?/s.exec(fields.get('W') ?? '')
  if (where === null) return fields
  const place = findRecord(files, Number(where[1]))
  const bytes = (fields.get('n') ?? '').startsWith('redshift_stand_in_bytes_')
  await context.record(
    `insert into redshift_stand_in.load_errors
       (session, database_name, table_name, file_name, line_number, column_name, value, raw_line, error_message)
     values ($1, current_database(), $2, $3, $4, $5, $6, $7, $8)`,
    [
      context.session,
      table.tokens.map((token) => token.text).join(''),
      place.file,
      place.line,
      where[2] ?? null,
      where[2] === undefined ? null : (where[3] ?? null),
      place.record,
      bytes ? 'String length exceeds DDL length' : (fields.get('M') ?? ''),
    ],
  )
  return new Map([
    ['S', 'ERROR'],
    ['C', 'XX000'],
    ['M', `Load into table '${table.name}' failed.  Check 'sys_load_error_detail' system table for details.`],
  ])
}

/** @param line of all that was sent, from 1; a record of CSV may have several */
function findRecord(
  files: readonly LoadedFile[],
  line: number,
): { file: string; line: number; record: string } {
  let left = line
  for (const file of files) {
    for (const [n, record] of file.records.entries()) {
      left -= record.split('\n').length
      if (left <= 0) return { file: file.name, line: n + 1 + file.skipped, record }
    }
  }
  return { file: files.at(-1)?.name ?? '', line: 0, record: '' }
}
