import type { Session } from '../connection/session.ts'
import type { Grant } from './captured-relation.ts'

/** What `alter default privileges` gives to relations that duro's role makes. */
export interface DefaultGrants {
  /** Who gets something in every schema, and so in a shadow schema too. */
  everywhere: readonly (string | null)[]
  /** What is granted in single schemas, which a shadow schema does not take part in. */
  bySchema: ReadonlyMap<string, readonly Grant[]>
  /** The role that creates. */
  role: string
}

export async function readDefaultGrants(session: Session): Promise<DefaultGrants> {
  const rows = await session.query<{
    role: string
    schema: string | null
    grantee: string | null
    grantor: string
    privilege: string
    grantable: boolean
  }>(`
    select pg_get_userbyid(d.defaclrole) as role,
           n.nspname as schema,
           case when item.grantee = 0 then null else pg_get_userbyid(item.grantee) end as grantee,
           pg_get_userbyid(item.grantor) as grantor,
           item.privilege_type as privilege,
           item.is_grantable as grantable
    from pg_default_acl d
    left join pg_namespace n on n.oid = d.defaclnamespace
    cross join lateral aclexplode(d.defaclacl) as item
    where d.defaclobjtype = 'r' and d.defaclrole = current_user::regrole`)
  const [{ role } = { role: '' }] = await session.query<{ role: string }>('select current_user as role')
  const bySchema = new Map<string, Grant[]>()
  for (const { schema, grantee, grantor, privilege, grantable } of rows) {
    if (schema === null) continue
    bySchema.set(schema, [...(bySchema.get(schema) ?? []), { grantee, grantor, privilege, grantable }])
  }
  const everywhere = rows
    .filter((row) => row.schema === null && row.grantee !== row.role)
    .map((row) => row.grantee)
  return { everywhere: [...new Set(everywhere)], bySchema, role }
}
