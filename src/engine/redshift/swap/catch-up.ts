import { toError } from '../../../errors.ts'
import { formatAddress } from '../../../sql/identifiers.ts'
import type { SwapMember, SwapOptions } from '../../engine.ts'
import { isConnectionLoss } from '../../connection-loss.ts'
import { readGrants } from '../catalog/grants.ts'
import { readRelations } from '../catalog/relations.ts'
import type { Session } from '../connection/session.ts'
import { addressOf, waitingPlace } from '../places.ts'
import {
  grantsBeyond,
  grantStatements,
  isReader,
  mergeGrants,
  missingGrants,
  revokeStatements,
} from '../statements/grants.ts'

/**
 * What was granted and revoked on the live version since the one was made that takes its place, while nothing is locked
 * yet. What that got by default, and the live one lacks, somebody has taken away there. Nothing of it holds up the way
 * back, as what is live may be wrong.
 */
export async function catchUp(
  session: Session,
  members: readonly SwapMember[],
  { direction, emit }: Pick<SwapOptions, 'direction' | 'emit'>,
): Promise<void> {
  const places = members.flatMap((member) => [addressOf(member.view, 'live'), waitingPlace(member)])
  const relations = await readRelations(session, places)
  const grants = await readGrants(session, places)
  for (const member of members) {
    const { view, declared } = member
    const [live, coming] = [addressOf(view, 'live'), waitingPlace(member)].map(formatAddress)
    const owner = relations.get(live ?? '')?.owner
    if (declared === null || owner === undefined || coming === undefined) continue
    const given = grants.get(coming) ?? []
    // Who reads the one that comes by itself was let by somebody, whatever the settings asked for since.
    const before = (declared.before?.grantSelect ?? []).filter((reader) => !isReader(given, reader))
    const readers = { now: declared.now.grantSelect, before }
    const wanted = mergeGrants(grants.get(live ?? '') ?? [], owner, readers)
    const present = given.filter(
      ({ grantee }) =>
        grantee.kind !== 'user' || ![owner, relations.get(coming)?.owner].includes(grantee.name),
    )
    for (const statement of [
      ...revokeStatements(coming, grantsBeyond(present, wanted)),
      ...grantStatements(coming, missingGrants(wanted, present)),
    ]) {
      try {
        await session.query(statement)
      } catch (error) {
        if (direction === 'publish' || isConnectionLoss(error)) throw error
        emit({
          type: 'warning',
          view: view.name,
          message: `the old version of ${view.name} goes back without a change of its grants: ${toError(error).message} (${statement})`,
        })
      }
    }
  }
}
