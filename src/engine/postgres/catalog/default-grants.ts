import type { Session } from '../connection/session.ts'
import type { Grant } from './captured-relation.ts'

/** What `alter default privileges` gives to relations that duro's role makes. */
export interface DefaultGrants {
  /** What is granted in every schema, and so in a shadow schema too; null: nothing is set, the owner has all. */
  everywhere: readonly Grant[] | null
  /** What is granted in single schemas besides, which a shadow schema does not take part in. */
  bySchema: ReadonlyMap<string, readonly Grant[]>
  /** The role that creates. */
  role: string
}

export async function readDefaultGrants(session: Session): Promise<DefaultGrants> {
  const rows = await session.query<{
    schema: string | null
    grantee: string | null
    grantor: string
    privilege: string | null
    grantable: boolean
  }>(`
    select n.nspname as schema,
           case when item.grantee = 0 then null else pg_get_userbyid(item.grantee) end as grantee,
           pg_get_userbyid(item.grantor) as grantor,
           item.privilege_type as privilege,
           item.is_grantable as grantable
    from pg_default_acl d
    left join pg_namespace n on n.oid = d.defaclnamespace
    left join lateral aclexplode(d.defaclacl) as item on true
    where d.defaclobjtype = 'r' and d.defaclrole = quote_ident(current_user)::regrole`)
  const [{ role } = { role: '' }] = await session.query<{ role: string }>('select current_user as role')
  let everywhere: Grant[] | null = null
  const bySchema = new Map<string, Grant[]>()
  for (const { schema, grantee, grantor, privilege, grantable } of rows) {
    // Even the owner's own rights may be taken away, so that nothing is left.
    const grants = privilege === null ? [] : [{ grantee, grantor, privilege, grantable }]
    if (schema === null) everywhere = [...(everywhere ?? []), ...grants]
    else bySchema.set(schema, [...(bySchema.get(schema) ?? []), ...grants])
  }
  return { everywhere, bySchema, role }
}

/** What a relation has that duro's role makes in the schema; null: nothing is granted, the owner has all. */
export function grantsOfNew(
  schema: string,
  { everywhere, bySchema, role }: DefaultGrants,
): readonly Grant[] | null {
  const inSchema = bySchema.get(schema)
  if (inSchema === undefined) return everywhere
  const owners = everywhere ?? [{ grantee: role, grantor: role, privilege: 'ALL', grantable: false }]
  return [...owners, ...inSchema]
}

/**
 * Who may hold something on a relation of the owner that duro's role has made; the owner too, perhaps less than all.
 * @param schema where it was made, unless that is a shadow schema
 */
export function holdersByDefault(
  owner: string,
  { everywhere, bySchema, role }: DefaultGrants,
  schema: string | null = null,
): (string | null)[] {
  const given = [...(everywhere ?? []), ...(schema === null ? [] : (bySchema.get(schema) ?? []))]
  // What the role held is the owner's, once that is another.
  const others = given
    .map(({ grantee }) => grantee)
    .filter((grantee) => grantee !== role && grantee !== owner)
  return [...(everywhere === null ? [] : [owner]), ...new Set(others)]
}
