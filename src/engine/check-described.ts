import { SqlError } from '../errors.ts'
import type { View } from '../project/view.ts'
import { whereIs } from './explain-failure.ts'

/** The columns that the settings of a view itself describe, and that it does not have. */
export function missingDescribed(
  { places }: View,
  columns: readonly string[],
  asKept: (name: string) => string = (name) => name,
): string[] {
  return [...places.columns.keys()].filter((column) => !columns.includes(asKept(column)))
}

export const describeMissing = (missing: readonly string[]): string =>
  `its columns describe ${missing.join(', ')}, which is no column of it`

/** Null: the view has all columns that its own settings describe. @param asKept a name as the server has it */
export function checkDescribed(
  view: View,
  columns: readonly string[],
  asKept?: (name: string) => string,
): SqlError | null {
  const missing = missingDescribed(view, columns, asKept)
  if (missing.length === 0) return null
  const places = missing.flatMap((column) => view.places.columns.get(column) ?? [])
  return new SqlError('build', `${view.name} could not be built: ${describeMissing(missing)}`, {
    detail: places.map(whereIs).join('\n'),
    hint: `Its columns are ${columns.join(', ')}.`,
  })
}
