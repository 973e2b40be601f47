import type { Declared, DeclaredTable } from '../../declared.ts'
import { DuroError } from '../../../errors.ts'
import type { ViewName } from '../../../project/view.ts'
import type { CapturedRelation } from '../catalog/captured-relation.ts'
import { constraintKey, defaultKey, identityKey, notNullKey, takenOver } from '../catalog/taken-over.ts'
import { relationKind } from '../relation-kind.ts'
import { isAlike } from '../statements/indexes.ts'

/** A live version, and the one that waits to take its place. */
export interface Versions {
  view: ViewName
  live: CapturedRelation
  coming: CapturedRelation
  declared: { before: Declared | null; now: Declared }
}

/**
 * The new version has what the live one had when it was built. What was changed there since then, and cannot be made up
 * for, would be lost without a word.
 * @throws DuroError that names every change
 */
export function refuseChanged(members: readonly Versions[]): void {
  const changed = members.flatMap((versions) => {
    const changes = changesOf(versions)
    return changes.length === 0 ? [] : [`${versions.view} (${changes.join(', ')})`]
  })
  if (changed.length === 0) return
  throw new DuroError(
    'swap',
    `changed on the live version since the new one was built, and not on the new one: ${changed.join('; ')}`,
    { hint: 'Nothing was published. Run duro refresh again: it takes over what is there now.' },
  )
}

function changesOf({ live, coming, declared: { before, now } }: Versions): string[] {
  const then = now.takenOver
  const kind = relationKind(coming.kind)
  if (then === null || kind === null) return []
  const columns = coming.columns.map((column) => column.name)
  const found = takenOver(live, kind, columns)
  const made = takenOver(coming, kind, columns)
  // What a user's own `create table` says, or has said, is not taken over.
  const declared = new Set([now, before].flatMap((each) => (each === null ? [] : keysOf(each.table))))
  // What an earlier attempt has made up for is on the new version, and no change any more.
  const redefined = (key: 'indexes' | 'statistics'): string[] =>
    coming[key]
      .map(({ name }) => name)
      .filter((name) => [then, found].every((version) => Object.hasOwn(version[key], name)))
      .filter((name) => found[key][name] !== then[key][name] && found[key][name] !== made[key][name])
  return [
    ...Object.keys({ ...then.aspects, ...found.aspects })
      .filter((what) => then.aspects[what] !== found.aspects[what])
      .filter((what) => Object.hasOwn(then.aspects, what) || !declared.has(what)),
    // One on something else is made again.
    ...redefined('indexes')
      .filter((name) => isStillOn(name, live, coming))
      .map((name) => `index ${name}`),
    ...redefined('statistics').map((name) => `statistics ${name}`),
  ]
}

function isStillOn(name: string, live: CapturedRelation, coming: CapturedRelation): boolean {
  const [one, other] = [live, coming].map(({ indexes }) => indexes.find((index) => index.name === name))
  return one !== undefined && other !== undefined && isAlike(one, other)
}

const keysOf = ({ constraints, notNull, defaults }: DeclaredTable): string[] => [
  ...constraints.map(constraintKey),
  ...notNull.map(notNullKey),
  ...defaults.flatMap((column) => [defaultKey(column), identityKey(column)]),
]
