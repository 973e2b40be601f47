import type { Address } from '../../../sql/identifiers.ts'
import type { ViewToBuild } from '../../builder.ts'
import type { CapturedRelation } from '../catalog/captured-relation.ts'
import { grantsOfNew, holdersByDefault, type DefaultGrants } from '../catalog/default-grants.ts'
import type { RelationKind } from '../relation-kind.ts'
import { mergeGrants } from '../statements/grants.ts'
import { takeOverStatements, type TakeOver } from '../statements/take-over.ts'
import type { Work } from './work.ts'

/** Gives the new relation what the live one has and what the settings say, before it has rows. */
export async function takeOver(
  work: Work,
  columns: readonly string[],
): Promise<{ grantSelect: readonly string[] }> {
  const { defaults, runId } = work.context
  const plan = planTakeOver({ ...work, columns, defaults, runId })
  await work.session.query(takeOverStatements(plan).join(';\n'))
  return { grantSelect: work.input.view.settings.grantSelect ?? [] }
}

export interface TakeOverInput {
  input: ViewToBuild
  kind: RelationKind
  target: Address
  live: CapturedRelation | null
  brought: CapturedRelation | null
  /** The columns of the new relation. */
  columns: readonly string[]
  defaults: DefaultGrants
  runId: string
}

/** What stands on the live version, less what was declared before and no longer is, plus what now is. */
export function planTakeOver({ input, live, brought, defaults, ...target }: TakeOverInput): TakeOver {
  const { settings, schema } = input.view
  const owner = live?.owner ?? defaults.role
  const before = input.declaredBefore
  // Default privileges of the view's own schema do not reach into the shadow schema where it is made.
  const standing = live === null ? grantsOfNew(schema, defaults) : live.grants
  const readers = { now: settings.grantSelect, before: live === null ? [] : (before?.grantSelect ?? []) }
  return {
    ...target,
    owner,
    live,
    grants: mergeGrants(standing, owner, readers),
    presentByDefault: holdersByDefault(owner, defaults),
    comment: settings.description ?? (before?.description ? null : (live?.comment ?? null)),
    columnComments: settings.columns,
    columnsBefore: [...(before?.columns ?? []), ...described(brought)],
  }
}

/** The columns that have comments already. */
export const described = (brought: CapturedRelation | null): string[] =>
  (brought?.columns ?? []).filter(({ comment }) => comment !== null).map(({ name }) => name)
