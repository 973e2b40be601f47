import { foldIdentifier, formatAddress, quoteIdentifier } from '../../../sql/identifiers.ts'
import type { ViewToBuild } from '../../builder.ts'
import type { RelationWithColumns } from '../catalog/relations.ts'
import { commentStatements } from '../statements/comments.ts'
import { kindOf } from '../statements/create-relation.ts'
import { grantStatements, mergeGrants, type Grant } from '../statements/grants.ts'
import { addressOf } from '../places.ts'

export interface TakeOverInput {
  input: ViewToBuild
  /** What is live, of whatever kind; null: nothing. */
  live: RelationWithColumns | null
  /** The live version's. */
  grants: readonly Grant[]
  /** The columns of the new relation. */
  present: readonly string[]
  /** The role that makes it. */
  role: string
}

/** What stands on the live version, less what was declared before and no longer is, plus what now is. */
export function takeOverStatements({ input, live, grants, present, role }: TakeOverInput): string[] {
  const { view, declaredBefore: before } = input
  const { settings } = view
  const relation = formatAddress(addressOf(view, 'new'))
  const owner = live?.owner ?? role
  const readers = { now: settings.grantSelect ?? [], before: before?.grantSelect ?? [] }
  return [
    ...commentStatements({
      kind: kindOf(settings),
      relation,
      comment: settings.description ?? (before?.description ? null : (live?.comment ?? null)),
      columns: live?.columns ?? [],
      described: settings.columns,
      describedBefore: (before?.columns ?? []).map((column) => foldIdentifier(column)),
      present,
    }),
    ...grantStatements(relation, mergeGrants(grants, owner, readers)),
    // Last: what was given away cannot be granted any more.
    ...(owner === role ? [] : [`alter table ${relation} owner to ${quoteIdentifier(owner)}`]),
  ]
}
