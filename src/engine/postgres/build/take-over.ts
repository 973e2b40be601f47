import type { Grant } from '../catalog/captured-relation.ts'
import { mergeGrants } from '../statements/grants.ts'
import { takeOverStatements } from '../statements/take-over.ts'
import type { Work } from './work.ts'

/** Gives the new relation what the live one has and what the settings say, before it has rows. */
export async function takeOver(
  work: Work,
  columns: readonly string[],
): Promise<{ grantSelect: readonly string[] }> {
  const { context, input, live } = work
  const { settings, schema } = input.view
  const owner = live?.owner ?? context.defaults.role
  const before = input.declaredBefore
  const standing = live === null ? inSchema(context.defaults.bySchema.get(schema), owner) : live.grants
  const statements = takeOverStatements({
    kind: work.kind,
    target: work.target,
    runId: context.runId,
    owner,
    live: work.live,
    grants: mergeGrants(standing, owner, { now: settings.grantSelect, before: before?.grantSelect ?? [] }),
    presentByDefault: context.defaults.everywhere,
    comment: settings.description ?? (before?.description ? null : (live?.comment ?? null)),
    columnComments: settings.columns,
    columns,
  })
  await work.session.query(statements.join(';\n'))
  return { grantSelect: settings.grantSelect ?? [] }
}

/** Default privileges of the view's own schema do not reach into the shadow schema where it is made. */
function inSchema(grants: readonly Grant[] | undefined, owner: string): readonly Grant[] | null {
  if (grants === undefined) return null
  return [{ grantee: owner, grantor: owner, privilege: 'ALL', grantable: false }, ...grants]
}
