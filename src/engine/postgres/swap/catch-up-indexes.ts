import { formatAddress, quoteIdentifier } from '../../../sql/identifiers.ts'
import { isNamed, type CapturedIndex, type CapturedRelation } from '../catalog/captured-relation.ts'
import { indexHashes } from '../catalog/taken-over.ts'
import { capturedIndex, isAlike } from '../statements/indexes.ts'
import { commentStatement } from '../statements/marker.ts'
import type { Versions } from './refuse-changed.ts'

/**
 * What was made, changed, renamed, commented or dropped on the live version since the new one was built, or has caught
 * up with it before, as statements for the new one. An index that the settings declare stays, under the name that they
 * give it.
 * @param caughtUp the indexes that it got when it caught up before
 * @returns also the names of those that it gets now
 */
export function indexesOf(
  live: CapturedRelation,
  coming: CapturedRelation,
  { before, now }: Versions['declared'],
  caughtUp: readonly string[],
): { statements: string[]; made: string[] } {
  const columns = new Set(coming.columns.map((column) => column.name))
  const [found, made] = [live, coming].map((version) => indexHashes(version, [...columns]))
  const isDeclared = ({ name }: CapturedIndex): boolean => now.indexes.includes(name)
  const isSame = (one: CapturedIndex, other: CapturedIndex): boolean =>
    isAlike(one, other) && found?.[one.name] === made?.[other.name]
  const address = (name: string): string => formatAddress({ schema: coming.schema, name })
  const commented = (one: CapturedIndex, other: CapturedIndex): string[] =>
    one.comment === other.comment ? [] : [commentStatement('index', address(one.name), one.comment)]
  const stoodThen = ({ name }: CapturedIndex): boolean =>
    Object.hasOwn(now.takenOver?.indexes ?? {}, name) || caughtUp.includes(name)
  // They are not on the live version, or not by that name.
  const stale = new Set(
    coming.indexes.filter(
      (index) => (stoodThen(index) || !isDeclared(index)) && !isNamed(live.indexes, index.name),
    ),
  )
  const statements: string[] = []
  const brought: string[] = []
  for (const index of live.indexes) {
    const same = coming.indexes.find(({ name }) => name === index.name)
    if (same !== undefined && (isSame(index, same) || (isAlike(index, same) && isDeclared(same)))) {
      statements.push(...commented(index, same))
      continue
    }
    if (before?.indexes.includes(index.name) || !index.columns.every((column) => columns.has(column)))
      continue
    brought.push(index.name)
    const renamed =
      same === undefined
        ? [...stale].find((other) => isSame(index, other) && !now.namedIndexes.includes(other.name))
        : undefined
    if (renamed === undefined) {
      // It is another one by now. If the settings have the name too, the server refuses the second.
      if (same !== undefined && !isDeclared(same)) statements.push(`drop index ${address(same.name)}`)
      const again = capturedIndex(formatAddress(coming), coming.schema, index)
      statements.push(again.create, ...again.after)
    } else {
      stale.delete(renamed)
      statements.push(`alter index ${address(renamed.name)} rename to ${quoteIdentifier(index.name)}`)
      statements.push(...commented(index, renamed))
    }
  }
  // What somebody has given to the new version itself stays.
  const dropped = [...stale].filter((index) => stoodThen(index) && !isDeclared(index))
  statements.push(...dropped.map(({ name }) => `drop index ${address(name)}`))
  return { statements, made: brought }
}
