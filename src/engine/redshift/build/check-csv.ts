import { DuroError } from '../../../errors.ts'
import type { View } from '../../../project/view.ts'
import { foldIdentifier } from '../../../sql/identifiers.ts'

/** @throws DuroError when the first line of the CSV does not name columns of the table, each once */
export function checkCsv(view: View, columns: readonly string[], table: readonly string[]): void {
  const given = columns.map((column) => foldIdentifier(column))
  const unknown = columns.filter((column) => !table.includes(foldIdentifier(column)))
  const twice = columns.filter((_, index) => given.indexOf(given[index] ?? '') !== index)
  const complaints = [
    ...(unknown.length === 0
      ? []
      : [`has the column ${unknown.map(shown).join(', ')}, which the table lacks`]),
    ...(twice.length === 0 ? [] : [`has the column ${twice.map(shown).join(', ')} twice`]),
  ]
  if (complaints.length === 0) return
  throw new DuroError('build', `${view.name} could not be built: the CSV ${complaints.join(', and ')}`, {
    hint: `The first line of the CSV names the columns of the table in ${view.file.path}, in any order.`,
  })
}

const shown = (name: string): string => (name.trim() === name && name !== '' ? name : JSON.stringify(name))
