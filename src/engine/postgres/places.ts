import type { Address } from '../../sql/identifiers.ts'
import { shadowSchema } from '../../sql/shadow-schema.ts'
import type { Place, SwapMember } from '../engine.ts'

/** Where a version of a view lives: the new and the old one under the same name, in schemas of their own. */
export function addressOf(view: { schema: string; relation: string }, place: Place): Address {
  const schema = place === 'live' ? view.schema : shadowSchema(view.schema, place)
  return { schema, name: view.relation }
}

/** Where the version of a swap waits that becomes live. */
export const waitingPlace = ({ view, comingAt }: SwapMember): Address => comingAt ?? addressOf(view, 'new')
