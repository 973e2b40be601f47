import { DuroError } from '../../../errors.ts'
import type { View } from '../../../project/view.ts'
import { foldIdentifier } from '../../../sql/identifiers.ts'

/** What is wrong with the distkey and the sortkey of a view that has these columns; null: nothing. */
export function checkKeys({ name, settings }: View, columns: readonly { name: string }[]): DuroError | null {
  const present = new Set(columns.map((column) => column.name))
  const named = [
    ...(settings.distkey === null ? [] : [{ key: 'distkey', column: settings.distkey }]),
    ...(settings.sortkey?.columns ?? []).map((column) => ({ key: 'sortkey', column })),
  ]
  const lost = named.filter(({ column }) => !present.has(foldIdentifier(column)))
  if (lost.length === 0) return null
  const complaint = lost.map(({ key, column }) => `its ${key} names ${column}`).join(', ')
  return new DuroError('build', `${name} could not be built: ${complaint}, which is no column of it`, {
    hint: `Its columns are ${[...present].join(', ')}.`,
  })
}
