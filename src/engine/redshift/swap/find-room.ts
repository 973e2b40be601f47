import { DuroError } from '../../../errors.ts'
import { formatAddress, type Address } from '../../../sql/identifiers.ts'
import type { NamedView } from '../../../project/view.ts'
import type { SwapOptions } from '../../engine.ts'
import { readRelations } from '../catalog/relations.ts'
import type { Session } from '../connection/session.ts'
import { addressOf, placesForOld } from '../places.ts'

/**
 * Where the versions that go are kept, by view: the first place that is free. One may be taken by a version that
 * somebody still reads, and that must not hold up the next swap.
 */
export async function findRoom(
  session: Session,
  views: readonly NamedView[],
  direction: SwapOptions['direction'],
): Promise<ReadonlyMap<string, Address>> {
  const placesOf = (view: NamedView): Address[] =>
    direction === 'publish' ? placesForOld(view) : [addressOf(view, 'new')]
  const taken = await readRelations(session, views.flatMap(placesOf))
  return new Map(
    views.map((view) => {
      const free = placesOf(view).find((place) => !taken.has(formatAddress(place)))
      if (free !== undefined) return [view.name, free]
      throw new DuroError('swap', `there is no place left for the version of ${view.name} that goes`, {
        hint: 'Other versions are in use and cannot be dropped; `duro cleanup` names them.',
      })
    }),
  )
}
