import type { Grant } from '../catalog/captured-relation.ts'
import { quoteIdentifier } from '../../../sql/identifiers.ts'

/** The role as `grant` and `revoke` take it. */
const role = (name: string | null): string => (name === null ? 'public' : quoteIdentifier(name))

/** What the settings say of one view's readers. */
export interface DeclaredReaders {
  /** Null: the settings say nothing. */
  now: readonly string[] | null
  /** What they said when the live version was published. */
  before: readonly string[]
}

/** The grants of the new version: those of the live one, less what is no longer declared, plus what now is. */
export function mergeGrants(
  live: readonly Grant[] | null,
  owner: string,
  readers: DeclaredReaders,
): readonly Grant[] | null {
  const now = readers.now ?? []
  const withdrawn = new Set(readers.before.filter((name) => !now.includes(name)))
  const kept =
    live?.filter((grant) => !(grant.privilege === 'SELECT' && withdrawn.has(nameOf(grant.grantee)))) ?? null
  const added = now
    .filter((name) => !kept?.some((grant) => nameOf(grant.grantee) === name && grant.privilege === 'SELECT'))
    .map((name): Grant => ({
      grantee: name === 'public' ? null : name,
      grantor: owner,
      privilege: 'SELECT',
      grantable: false,
    }))
  if (kept === null && added.length === 0) return null
  return [...(kept ?? allPrivilegesOf(owner)), ...added]
}

const nameOf = (grantee: string | null): string => grantee ?? 'public'

/** Stands for what a null access control list means, so that it survives the first explicit grant. */
const allPrivilegesOf = (owner: string): Grant[] => [
  { grantee: owner, grantor: owner, privilege: 'ALL', grantable: false },
]

/**
 * Makes a relation's grants exactly these. The list is replayed in its order, since a grantor may hold its
 * right from an earlier item; a grantor that is not the owner has to speak itself.
 * @param relation quoted, with its schema
 * @param present who may hold something that is not meant: by default privileges at creation, such as the owner less than all
 */
export function grantStatements(
  relation: string,
  owner: string,
  grants: readonly Grant[] | null,
  present: readonly (string | null)[],
): string[] {
  const others = present.filter((grantee) => grantee !== owner)
  const statements = others.map((grantee) => `revoke all on ${relation} from ${role(grantee)}`)
  const hasAll = grants?.some((grant) => grant.privilege === 'ALL' && grant.grantee === owner) ?? true
  if (!hasAll) statements.push(`revoke all on ${relation} from ${role(owner)}`)
  else if (present.includes(owner)) statements.push(`grant all on ${relation} to ${role(owner)}`)
  for (const group of grouped((grants ?? []).filter((grant) => grant.privilege !== 'ALL'))) {
    const privileges = group.privileges.join(', ').toLowerCase()
    const option = group.grantable ? ' with grant option' : ''
    const grant = `grant ${privileges} on ${relation} to ${role(group.grantee)}${option}`
    statements.push(...spokenBy(group.grantor, owner, grant))
  }
  return statements
}

/** The same for single columns, on a relation that was just made and so has none. */
export function columnGrantStatements(
  relation: string,
  owner: string,
  column: string,
  grants: readonly Grant[],
): string[] {
  return grouped(grants).flatMap((group) => {
    const list = group.privileges.map(
      (privilege) => `${privilege.toLowerCase()} (${quoteIdentifier(column)})`,
    )
    const option = group.grantable ? ' with grant option' : ''
    const grant = `grant ${list.join(', ')} on ${relation} to ${role(group.grantee)}${option}`
    return spokenBy(group.grantor, owner, grant)
  })
}

function spokenBy(grantor: string, owner: string, statement: string): string[] {
  return grantor === owner
    ? [statement]
    : [`set local role ${quoteIdentifier(grantor)}`, statement, 'reset role']
}

interface GrantGroup extends Omit<Grant, 'privilege'> {
  privileges: string[]
}

/** Neighbours that differ only in their privilege become one statement. */
function grouped(grants: readonly Grant[]): GrantGroup[] {
  const groups: GrantGroup[] = []
  for (const { privilege, ...who } of grants) {
    const last = groups.at(-1)
    if (
      last &&
      last.grantee === who.grantee &&
      last.grantor === who.grantor &&
      last.grantable === who.grantable
    ) {
      last.privileges.push(privilege)
    } else {
      groups.push({ ...who, privileges: [privilege] })
    }
  }
  return groups
}
