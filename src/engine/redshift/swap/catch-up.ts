import { formatAddress } from '../../../sql/identifiers.ts'
import type { SwapMember } from '../../engine.ts'
import { readGrants } from '../catalog/grants.ts'
import { readRelations } from '../catalog/relations.ts'
import type { Session } from '../connection/session.ts'
import { addressOf } from '../places.ts'
import { grantStatements, mergeGrants, missingGrants } from '../statements/grants.ts'

/** What was granted on the live version since the new one was built, while nothing is locked yet. */
export async function catchUp(session: Session, members: readonly SwapMember[]): Promise<void> {
  const places = members.flatMap(({ view }) => [addressOf(view, 'live'), addressOf(view, 'new')])
  const relations = await readRelations(session, places)
  const grants = await readGrants(session, places)
  for (const { view, declared } of members) {
    const [live, coming] = [addressOf(view, 'live'), addressOf(view, 'new')].map(formatAddress)
    const owner = relations.get(live ?? '')?.owner
    if (declared === null || owner === undefined || coming === undefined) continue
    const readers = { now: declared.now.grantSelect, before: declared.before?.grantSelect ?? [] }
    const wanted = mergeGrants(grants.get(live ?? '') ?? [], owner, readers)
    for (const statement of grantStatements(coming, missingGrants(wanted, grants.get(coming) ?? []))) {
      await session.query(statement)
    }
  }
}
