import { DuroError } from '../errors.ts'
import type { View } from '../project/view.ts'

/** Columns of a table that a CSV is loaded into. */
export interface TableColumns {
  /** That the CSV may name. */
  allowed: readonly string[]
  /** That it must name, since no value comes from the table itself. */
  wanted: readonly string[]
}

/**
 * @param columns the first line of the CSV
 * @param nameOf what the table calls a column of the CSV
 * @throws DuroError when they are not columns of the table, each once
 */
export function checkCsvHeader(
  view: View,
  columns: readonly string[],
  { allowed, wanted }: TableColumns,
  nameOf: (column: string) => string,
): void {
  const given = columns.map((column) => nameOf(column))
  const missing = wanted.filter((name) => !given.includes(name))
  const unknown = columns.filter((column) => !allowed.includes(nameOf(column)))
  const twice = columns.filter((column, index) => given.indexOf(nameOf(column)) !== index)
  const complaints = [
    ...(missing.length === 0 ? [] : [`lacks the column ${shown(missing)}`]),
    ...(unknown.length === 0 ? [] : [`has the column ${shown(unknown)}, which the table lacks`]),
    ...(twice.length === 0 ? [] : [`has the column ${shown(twice)} twice`]),
  ]
  if (complaints.length === 0) return
  throw new DuroError('build', `${view.name} could not be built: the CSV ${complaints.join(', and ')}`, {
    hint: `The first line of the CSV names the columns of the table in ${view.file.path}, in any order.`,
  })
}

const shown = (names: readonly string[]): string =>
  names.map((name) => (name.trim() === name && name !== '' ? name : JSON.stringify(name))).join(', ')
