import { formatAddress } from '../../../sql/identifiers.ts'
import type { SwapMember } from '../../engine.ts'
import { readGrants } from '../catalog/grants.ts'
import { readRelations } from '../catalog/relations.ts'
import type { Session } from '../connection/session.ts'
import { addressOf } from '../places.ts'
import {
  grantsBeyond,
  grantStatements,
  mergeGrants,
  missingGrants,
  revokeStatements,
} from '../statements/grants.ts'

/**
 * What was granted and revoked on the live version since the new one was built, while nothing is locked yet. What the
 * new one got by default, and the live one lacks, somebody has taken away there.
 */
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
    const present = (grants.get(coming) ?? []).filter(
      ({ grantee }) =>
        grantee.kind !== 'user' || ![owner, relations.get(coming)?.owner].includes(grantee.name),
    )
    for (const statement of [
      ...revokeStatements(coming, grantsBeyond(present, wanted)),
      ...grantStatements(coming, missingGrants(wanted, present)),
    ]) {
      await session.query(statement)
    }
  }
}
