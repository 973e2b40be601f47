import type { ObstacleOptions } from '../engine.ts'
import { readDependents, type Dependent } from './catalog/dependents.ts'
import type { Session } from './connection/session.ts'

/**
 * The published views without a file that cannot be dropped before this run, since what is live of its views reads them.
 * They are what is left when a view in the middle of others gets another name.
 * @param dependents of the live relations of the run
 * @returns object ids
 */
export async function findHeld(
  session: Session,
  dependents: readonly Dependent[],
  members: readonly number[],
  { published, removed }: Pick<ObstacleOptions, 'published' | 'removed'>,
): Promise<ReadonlySet<number>> {
  const gone = [...removed].flatMap((name) => published.get(name) ?? [])
  const held = new Set<number>()
  if (!dependents.some(({ materialized }) => gone.includes(materialized ?? 0))) return held
  const readers = new Map<number, readonly number[]>()
  for (const id of gone) {
    const reading = await readDependents(session, [id])
    readers.set(
      id,
      reading.flatMap(({ materialized, remedy }) => materialized ?? remedy?.id ?? []),
    )
  }
  const holding = new Set(members)
  for (let added = true; added;) {
    const next = gone.filter((id) => !held.has(id) && readers.get(id)?.some((reader) => holding.has(reader)))
    added = next.length > 0
    for (const id of next) {
      held.add(id)
      holding.add(id)
    }
  }
  return held
}
