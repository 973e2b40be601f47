import { appendTo } from '../../../append-to.ts'
import { formatAddress, type Address } from '../../../sql/identifiers.ts'
import type { Session } from '../connection/session.ts'
import { literals } from '../literals.ts'
import type { Grant, GranteeKind } from '../statements/grants.ts'

/** Who may do what with these relations, by address as SQL. Asked apart from the catalog, as `readNativeViews`. */
export async function readGrants(
  session: Session,
  addresses: readonly Address[],
): Promise<ReadonlyMap<string, readonly Grant[]>> {
  const grants = new Map<string, Grant[]>()
  if (addresses.length === 0) return grants
  const rows = await session.query<{
    schema: string
    name: string
    privilege: string
    grantee: string
    kind: GranteeKind
    grantable: boolean
  }>(
    `select namespace_name as schema, relation_name as name, privilege_type as privilege,
            identity_name as grantee, identity_type as kind, admin_option as grantable
     from svv_relation_privileges
     where namespace_name in (${literals(addresses.map(({ schema }) => schema))})
       and relation_name in (${literals(addresses.map(({ name }) => name))})
     order by 1, 2, 5, 4, 3`,
  )
  for (const { schema, name, privilege, grantee, kind, grantable } of rows) {
    const address = formatAddress({ schema, name })
    const grant: Grant = { grantee: { kind, name: grantee }, privilege: privilege.toLowerCase(), grantable }
    appendTo(grants, address, grant)
  }
  return grants
}
