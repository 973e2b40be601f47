import type { Address } from '../../../sql/identifiers.ts'
import type { Session } from '../connection/session.ts'

/**
 * A PL/pgSQL function with a variable of a view's row type breaks for good in live sessions once the old type is
 * dropped. Setting an attribute to the value that it has makes them compile it anew.
 * @param views live relations
 * @returns the statements, for functions that mention one of them and that this role may alter
 */
export async function recompileStatements(session: Session, views: readonly Address[]): Promise<string[]> {
  if (views.length === 0) return []
  const rows = await session.query<{ statement: string }>(
    `select format('alter routine %s security %s', p.oid::regprocedure,
              case when p.prosecdef then 'definer' else 'invoker' end) as statement
     from pg_proc p join pg_language l on l.oid = p.prolang
     where l.lanname = 'plpgsql' and pg_has_role(p.proowner, 'usage')
       and exists (
         select from unnest($1::text[]) as name
         where strpos(lower(p.prosrc), lower(name)) > 0
           -- as a word of its own, where the name is one word: a view called "a" is not in every function
           and (name !~ '^\\w+$' or p.prosrc ~* ('\\m' || name || '\\M')))
     order by 1`,
    [views.map((view) => view.name)],
  )
  return rows.map((row) => row.statement)
}
