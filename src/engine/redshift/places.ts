import { maxRedshiftIdentifierBytes, type Address } from '../../sql/identifiers.ts'
import { suffixedName } from '../../sql/suffixed-name.ts'
import { versionedName } from '../../sql/versioned-name.ts'
import type { Place, SwapMember } from '../engine.ts'

type Named = Readonly<{ schema: string; relation: string }>

/** Where a version of a view lives: all in the view's own schema, under names of their own. */
export function addressOf({ schema, relation }: Named, place: Place): Address {
  if (place === 'live') return { schema, name: relation }
  return { schema, name: suffixedName(relation, place === 'new' ? '__duro_new' : '__duro_old') }
}

/** Where the version of a swap waits that becomes live. */
export const waitingPlace = ({ view, comingAt }: SwapMember): Address => comingAt ?? addressOf(view, 'new')

/** Old versions that readers hold for long pile up; there is room for so many. */
export const placesForOld = (view: Named): Address[] => [
  addressOf(view, 'old'),
  ...[2, 3, 4, 5, 6, 7, 8, 9].map((number) => ({
    schema: view.schema,
    name: versionedName(view.relation, `old${number}`, maxRedshiftIdentifierBytes),
  })),
]
