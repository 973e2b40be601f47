import { formatAddress } from '../../../sql/identifiers.ts'
import type { SwapMember, SwapOptions } from '../../engine.ts'
import { transaction } from '../../transaction.ts'
import { captureRelations } from '../catalog/capture-relations.ts'
import type { Session } from '../connection/session.ts'
import { printAlike, withQualifiedNames } from '../connection/transaction.ts'
import { addressOf, waitingPlace } from '../places.ts'
import { explainFailure } from '../sql-error.ts'
import { stayInPlace } from '../statements/stay-in-place.ts'
import { bringAlong } from './bring-along.ts'
import { extrasOf } from './catch-up-extras.ts'
import { rightsOf } from './catch-up-rights.ts'
import { refuseChanged, type Versions } from './refuse-changed.ts'

/**
 * Somebody may have granted, revoked, commented or indexed on the live version since the one was made that takes its
 * place: it catches up, while nothing is locked yet. Where a new version cannot, the swap is refused; the way back is
 * not, as what is live may be wrong. What is done to the live one from here on makes the swap try again: see `noteLive`.
 * @param options `refused`: see `bringAlong`
 */
export async function catchUp(
  session: Session,
  members: readonly SwapMember[],
  options: Pick<SwapOptions, 'direction' | 'giveUpAfter' | 'emit' | 'signal'> & { refused: Set<string> },
): Promise<void> {
  const captured = await withQualifiedNames(session, () =>
    captureRelations(
      session,
      members.flatMap((member) => [addressOf(member.view, 'live'), waitingPlace(member)]),
    ),
  )
  const at = new Map(captured.map((relation) => [formatAddress(relation), relation]))
  const versions = members.flatMap((member): Versions[] => {
    const { view, declared } = member
    const live = at.get(formatAddress(addressOf(view, 'live')))
    const coming = at.get(formatAddress(waitingPlace(member)))
    if (live === undefined || coming === undefined || declared === null) return []
    return [{ view: view.name, live, coming, declared }]
  })
  const begin = `begin; ${printAlike}; ${stayInPlace}`
  if (options.direction === 'back') {
    const missing = versions.map((each) => ({
      view: each.view,
      parts: [rightsOf(each), ...extrasOf(each).map((statement) => [statement])],
    }))
    return bringAlong(session, missing, { ...options, begin })
  }
  refuseChanged(versions)
  for (const each of versions) {
    const statements = [...rightsOf(each), ...extrasOf(each)]
    if (statements.length === 0) continue
    try {
      await transaction(session, begin, () => session.query(statements.join(';\n')))
    } catch (error) {
      const what = `the new version of ${each.view} cannot have what was given to the live one since it was built`
      throw explainFailure(error, { code: 'swap', what, file: null })
    }
  }
}
