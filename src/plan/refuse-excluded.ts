import { DuroError } from '../errors.ts'
import type { Conflict, Rebuilds } from './find-rebuilds.ts'

/** @throws DuroError (usage) naming every excluded view without which the others cannot be rebuilt */
export function refuseExcluded({ excludedBound, excludedMissing }: Rebuilds): void {
  const bound = describe(excludedBound, ({ excluded, rebuilt }) => `${excluded} is bound to ${rebuilt}`)
  const missing = describe(
    excludedMissing,
    ({ excluded, rebuilt }) => `${excluded} does not exist, and ${rebuilt} reads it`,
  )
  if (bound.length + missing.length === 0) return
  throw new DuroError(
    'usage',
    `what is excluded has to be rebuilt with the rest: ${[...bound, ...missing].join('; ')}`,
    {
      hint:
        bound.length === 0
          ? 'exclude the views that read it as well'
          : 'exclude what it reads as well, or store it with `materialized: table`: tables are not bound to what they read',
    },
  )
}

/** One line for each excluded view, though several rebuilt ones may need it. */
function describe(conflicts: readonly Conflict[], inWords: (conflict: Conflict) => string): string[] {
  const first = new Map(conflicts.toReversed().map((conflict) => [conflict.excluded, conflict]))
  return [...first.values()].map(inWords).toSorted()
}
