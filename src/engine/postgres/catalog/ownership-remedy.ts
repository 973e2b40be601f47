import { membershipRemedy } from './membership-remedy.ts'

/**
 * What an administrator runs so that duro's role may do what only the owner of something may, as SQL. Who may act for a
 * superuser is one: what belongs to such a role is rather given away.
 * @param owner the object id of that role, as SQL
 * @param what `view reports.by_city`, as SQL
 */
export const ownershipRemedy = (owner: string, what: string): string => `case
  when ${isAsSuperuser(owner)} then format('alter %s owner to %I', ${what}, current_user)
  else ${membershipRemedy(owner)} end`

/** Whether a role is a superuser or may become one, as SQL. The one that owns the catalog, 10, always counts. */
export const isAsSuperuser = (role: string): string =>
  `exists (select from pg_roles super where (super.rolsuper or super.oid = 10) and pg_has_role(${role}, super.oid, 'member'))`

/** A relation as `alter` takes it, as SQL: `materialized view first.cities`. */
export const relationToAlter = (relation: string): string => `format('%s %s',
  case ${relation}.relkind when 'v' then 'view' when 'm' then 'materialized view' else 'table' end,
  ${relation}.oid::regclass)`
