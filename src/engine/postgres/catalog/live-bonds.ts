import type { Bonds } from '../../../project/bonds.ts'
import type { ViewName } from '../../../project/view.ts'
import type { LiveRelation } from '../../engine.ts'
import type { Session } from '../connection/session.ts'
import { readBonds } from './bonds.ts'

/** What the live versions of views hang on, of each other; only of those that hang on any. */
export async function readLiveBonds(
  session: Session,
  live: ReadonlyMap<ViewName, Pick<LiveRelation, 'id'>>,
): Promise<ReadonlyMap<ViewName, Bonds>> {
  const views = new Map([...live].map(([view, { id }]) => [id, view]))
  const ids = [...views.keys()]
  const found = new Map<ViewName, { boundTo: Set<ViewName>; keepsRowsOf: Set<ViewName> }>()
  for (const { relation, target, keepsRows } of await readBonds(session, ids, ids)) {
    const [view, to] = [views.get(relation), views.get(target)]
    if (view === undefined || to === undefined) continue
    const bonds = found.get(view) ?? { boundTo: new Set(), keepsRowsOf: new Set() }
    found.set(view, bonds)
    const others = keepsRows ? bonds.keepsRowsOf : bonds.boundTo
    others.add(to)
  }
  return found
}
