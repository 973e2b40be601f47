import { appendTo } from '../../../append-to.ts'
import { foldIdentifier, quoteIdentifier } from '../../../sql/identifiers.ts'

export type GranteeKind = 'user' | 'group' | 'role' | 'public'

export interface Grantee {
  kind: GranteeKind
  name: string
}

export interface Grant {
  grantee: Grantee
  /** In lower case: `select`. */
  privilege: string
  grantable: boolean
}

/** `joan` is a user, `group analysts` and `role reader` are what they say. Names are folded, as the server does. */
export function parseGrantee(text: string): Grantee {
  const folded = foldIdentifier(text.trim())
  const group = /^group\s+(.+)$/.exec(folded)?.[1]
  if (group !== undefined) return { kind: 'group', name: group }
  const role = /^role\s+(.+)$/.exec(folded)?.[1]
  if (role !== undefined) return { kind: 'role', name: role }
  return { kind: folded === 'public' ? 'public' : 'user', name: folded }
}

/**
 * The grants of a new version: those of the live one, less what was declared and no longer is, plus what now is. The
 * owner's own need no words.
 */
export function mergeGrants(
  live: readonly Grant[],
  owner: string,
  readers: { now: readonly string[]; before: readonly string[] },
): Grant[] {
  const now = readers.now.map(parseGrantee)
  const withdrawn = readers.before
    .map(parseGrantee)
    .filter((grantee) => !now.some((other) => isSame(grantee, other)))
  const kept = live.filter(
    ({ grantee, privilege }) =>
      !isSame(grantee, { kind: 'user', name: owner }) &&
      !(privilege === 'select' && withdrawn.some((other) => isSame(grantee, other))),
  )
  const added = now
    .filter(
      (grantee) => !kept.some((grant) => grant.privilege === 'select' && isSame(grant.grantee, grantee)),
    )
    .map((grantee): Grant => ({ grantee, privilege: 'select', grantable: false }))
  return [...kept, ...added]
}

/** What of these grants is not among those. */
export const missingGrants = (wanted: readonly Grant[], present: readonly Grant[]): Grant[] =>
  wanted.filter(
    ({ grantee, privilege, grantable }) =>
      !present.some(
        (other) =>
          other.privilege === privilege && isSame(other.grantee, grantee) && (other.grantable || !grantable),
      ),
  )

/** What was given and is not wanted; a right to grant it further alone is left. */
export const grantsBeyond = (present: readonly Grant[], wanted: readonly Grant[]): Grant[] =>
  present.filter(
    ({ grantee, privilege }) =>
      !wanted.some((other) => other.privilege === privilege && isSame(other.grantee, grantee)),
  )

/** @param reader as the settings name it */
export const isReader = (grants: readonly Grant[], reader: string): boolean =>
  grants.some(({ grantee, privilege }) => privilege === 'select' && isSame(grantee, parseGrantee(reader)))

const isSame = (one: Grantee, other: Grantee): boolean =>
  one.kind === other.kind && (one.kind === 'public' || one.name === other.name)

/** One for each grantee and kind of grant. Only users can be let grant to others. @param relation quoted, with its schema */
export function grantStatements(relation: string, grants: readonly Grant[]): string[] {
  const byGrantee = new Map<string, string[]>()
  for (const { grantee, privilege, grantable } of grants) {
    const to = `to ${formatGrantee(grantee)}${grantable && grantee.kind === 'user' ? ' with grant option' : ''}`
    appendTo(byGrantee, to, privilege)
  }
  return [...byGrantee].map(([to, privileges]) => `grant ${privileges.join(', ')} on table ${relation} ${to}`)
}

/** @param relation quoted, with its schema */
export const revokeStatements = (relation: string, grants: readonly Grant[]): string[] =>
  grants.map(
    ({ grantee, privilege }) => `revoke ${privilege} on table ${relation} from ${formatGrantee(grantee)}`,
  )

function formatGrantee({ kind, name }: Grantee): string {
  if (kind === 'public') return 'public'
  return kind === 'user' ? quoteIdentifier(name) : `${kind} ${quoteIdentifier(name)}`
}
