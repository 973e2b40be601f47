import type { Bonds } from '../../../project/bonds.ts'
import type { NamedView, ViewName } from '../../../project/view.ts'
import type { Session } from '../connection/session.ts'
import { addressOf } from '../places.ts'
import { readBonds } from './bonds.ts'

/** What the live versions of views hang on, of each other. */
export async function readLiveBonds(
  session: Session,
  views: readonly NamedView[],
): Promise<ReadonlyMap<ViewName, Bonds>> {
  const live = views.map((view) => ({ view: view.name, address: addressOf(view, 'live') }))
  const found = new Map(
    views.map(({ name }) => [name, { boundTo: new Set<ViewName>(), keepsRowsOf: new Set<ViewName>() }]),
  )
  for (const { view, to, keepsRows } of await readBonds(session, live, live)) {
    const bonds = found.get(view)
    if (view !== to) (keepsRows ? bonds?.keepsRowsOf : bonds?.boundTo)?.add(to)
  }
  return found
}
