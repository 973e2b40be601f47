import type { Reference } from './parser.ts'

/**
 * Tells what a `create table` makes from what it reads: a foreign key may name the table itself again.
 * @param at where the name of the table begins; null: no table is made
 */
export function markTargets(references: readonly Reference[], at: number | null): readonly Reference[] {
  if (at === null) return references
  const made = references.find(({ span }) => span.start === at)
  return references.map((reference) => {
    const isMade =
      reference.kind === 'relation' && reference.schema === made?.schema && reference.name === made.name
    return isMade ? { ...reference, kind: 'target' } : reference
  })
}
