import type { View, ViewName } from '../../../project/view.ts'
import { formatAddress, type Address } from '../../../sql/identifiers.ts'
import type { Column } from '../../compare-columns.ts'
import type { ViewToTry } from '../../engine.ts'
import type { Session } from '../connection/session.ts'
import { addressOf } from '../places.ts'
import { readColumns, withTypes, type RelationColumns } from './read-columns.ts'

/** The columns of a tried view. */
export interface Versions {
  view: View
  isRenewed: boolean
  /** Null: nothing is live. */
  live: RelationColumns | null
  /** Null: it could not be made. */
  coming: RelationColumns | null
  /** The columns of that as they will be printed once it is live. */
  published: readonly Column[] | null
}

/**
 * The session's search path must be empty.
 * @param made the new relations, by the name of their view
 */
export async function readVersions(
  session: Session,
  views: readonly ViewToTry[],
  made: ReadonlyMap<ViewName, Address>,
): Promise<Versions[]> {
  const found = await readColumns(session, [
    ...views.map(({ view }) => addressOf(view, 'live')),
    ...made.values(),
  ])
  const versions = views.map(({ view, isRenewed }) => {
    const place = made.get(view.name)
    return {
      view,
      isRenewed,
      live: found.get(formatAddress(addressOf(view, 'live'))) ?? null,
      coming: place === undefined ? null : (found.get(formatAddress(place)) ?? null),
    }
  })
  const liveTypes = new Map(
    versions.map(({ view, live, coming }) => [
      coming?.rowType ?? '',
      live?.rowType ?? formatAddress(addressOf(view, 'live')),
    ]),
  )
  return versions.map((each) => ({
    ...each,
    published: each.coming === null ? null : withTypes(each.coming.columns, liveTypes),
  }))
}
