import { formatAddress } from '../../../sql/identifiers.ts'
import type { Dependent } from '../catalog/dependents.ts'
import type { Changed } from './changed.ts'

/**
 * What hangs on a live version and cannot be made for a new one that lacks a column, in words. Views and kept rows are
 * left out: they are tried.
 */
export function findLostColumns(
  { view, live, alike, coming }: Changed,
  dependents: readonly Dependent[],
): string[] {
  const own =
    alike?.objects.map(({ key, columns }) => ({ what: `${key} on ${formatAddress(alike)}`, columns })) ?? []
  const others = dependents
    .filter(({ relation, remedy, keeps }) => relation === live.id && remedy?.id === null && keeps === null)
    .map(({ description, columns }) => ({ what: `${description}, which depends on ${view.name},`, columns }))
  return [...own, ...others].flatMap(({ what, columns }) => {
    const lost = columns.filter((name) => !coming.columns.some((column) => column.name === name))
    return lost.length === 0 ? [] : [`${what} would break: it uses ${lost.join(', ')}`]
  })
}
