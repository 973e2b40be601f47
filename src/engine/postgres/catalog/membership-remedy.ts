/**
 * What an administrator runs so that duro's role may act for another, as SQL. A role that does not inherit is a member
 * to no effect: since 16 that is said of each membership, before of the role.
 * @param role its object id, as SQL
 */
export const membershipRemedy = (role: string): string => `case
  when not pg_has_role(${role}, 'member') and (select rolinherit from pg_roles where rolname = current_user)
    then format('grant %I to %I', pg_get_userbyid(${role}), current_user)
  when current_setting('server_version_num')::integer >= 160000
    then format('grant %I to %I with inherit true, set true', pg_get_userbyid(${role}), current_user)
  when pg_has_role(${role}, 'member') then format('alter role %I inherit', current_user)
  else format('grant %I to %I; alter role %2$I inherit', pg_get_userbyid(${role}), current_user) end`
