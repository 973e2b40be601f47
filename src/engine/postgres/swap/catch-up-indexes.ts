import { formatAddress, quoteIdentifier } from '../../../sql/identifiers.ts'
import { isNamed, type CapturedIndex, type CapturedRelation } from '../catalog/captured-relation.ts'
import { capturedIndex, isAlike } from '../statements/indexes.ts'
import { commentStatement } from '../statements/marker.ts'
import type { Versions } from './refuse-changed.ts'

/**
 * What was made, renamed, commented or dropped on the live version since the new one was built, as statements for the
 * new one. An index that the settings declare stays.
 */
export function indexesOf(
  live: CapturedRelation,
  coming: CapturedRelation,
  { before, now }: Versions['declared'],
): string[] {
  const columns = new Set(coming.columns.map((column) => column.name))
  const isDeclared = ({ name }: CapturedIndex): boolean => now.indexes.includes(name)
  const address = (name: string): string => formatAddress({ schema: coming.schema, name })
  const commented = (one: CapturedIndex, other: CapturedIndex): string[] =>
    one.comment === other.comment ? [] : [commentStatement('index', address(one.name), one.comment)]
  // They stood on the live version when the new one was built, and no longer do, or not by that name.
  const stale = new Set(
    coming.indexes.filter(
      ({ name }) => Object.hasOwn(now.takenOver?.indexes ?? {}, name) && !isNamed(live.indexes, name),
    ),
  )
  const statements: string[] = []
  for (const index of live.indexes) {
    const same = coming.indexes.find(({ name }) => name === index.name)
    if (same !== undefined && isAlike(index, same)) {
      statements.push(...commented(index, same))
      continue
    }
    if (before?.indexes.includes(index.name) || !index.columns.every((column) => columns.has(column)))
      continue
    const renamed = same === undefined ? [...stale].find((other) => isAlike(index, other)) : undefined
    if (renamed === undefined) {
      // Somebody has made another one of the name. If the settings have it too, the server refuses the second.
      if (same !== undefined && !isDeclared(same)) statements.push(`drop index ${address(same.name)}`)
      const made = capturedIndex(formatAddress(coming), coming.schema, index)
      statements.push(made.create, ...made.after)
    } else {
      stale.delete(renamed)
      statements.push(`alter index ${address(renamed.name)} rename to ${quoteIdentifier(index.name)}`)
      statements.push(...commented(index, renamed))
    }
  }
  const dropped = [...stale].filter((index) => !isDeclared(index))
  return [...statements, ...dropped.map(({ name }) => `drop index ${address(name)}`)]
}
