import { DuroError } from '../../../errors.ts'
import { formatAddress } from '../../../sql/identifiers.ts'
import type { View } from '../../../project/view.ts'
import type { Session } from '../connection/session.ts'
import { complaintsAboutColumns } from '../history/plan-copy.ts'
import { readTables } from '../history/read-facts.ts'
import { addressOf } from '../places.ts'

/** Whether dated copies could be made of the new relation, where its settings ask for them. */
export async function tryHistory(session: Session, view: View): Promise<DuroError | null> {
  if (view.settings.snapshotsInterval === null) return null
  const address = addressOf(view, 'new')
  const made = (await readTables(session, [address])).get(formatAddress(address))
  const odd = complaintsAboutColumns(view.name, made?.columns ?? [])
  if (odd === null) return null
  const message = `dated copies of ${view.name} cannot be made: ${odd.complaints.join('; ')}`
  return new DuroError('build', message, { hint: `${odd.hint} Or set "snapshots_interval: null" for it.` })
}
