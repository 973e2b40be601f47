import type { ReachedSource, SourceName } from '../../sources.ts'
import type { Session } from '../connection/session.ts'
import { sourceId } from './source-id.ts'

/** Relations from names as a select has them, an unqualified one looked up along the search path. */
const named = `
  select concat_ws('.', source.schema_name, source.relation_name) as source,
         ${sourceId} as oid
  from unnest($1::text[], $2::text[]) as source(schema_name, relation_name)`

/** From a relation to what it reads: partitions and children, what a view selects from, what a bound function does. */
const next = `
  select i.inhrelid as oid from pg_inherits i where i.inhparent = reached.oid
  union all
  select d.refobjid
  from pg_rewrite r
  join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid
  where r.ev_class = reached.oid and d.refclassid = 'pg_class'::regclass and d.refobjid <> reached.oid
  union all
  select fd.refobjid
  from pg_rewrite r
  join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid and d.refclassid = 'pg_proc'::regclass
  join pg_depend fd on fd.classid = 'pg_proc'::regclass and fd.objid = d.refobjid and fd.refclassid = 'pg_class'::regclass
  where r.ev_class = reached.oid`

/** Everything that sources lead to in the catalog, themselves included. Changes nothing. */
export async function readReachedSources(
  session: Session,
  sources: readonly SourceName[],
): Promise<ReachedSource[]> {
  return session.query<ReachedSource & { [column: string]: unknown }>(
    `with recursive reached(source, oid) as (
       ${named}
       union
       select reached.source, next.oid from reached cross join lateral (${next}) as next
     )
     select reached.source, n.nspname::text as schema, c.relname::text as name, c.relkind = 'f' as foreign
     from reached
     join pg_class c on c.oid = reached.oid
     join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname not in ('pg_catalog', 'information_schema')
     order by 1, 2, 3`,
    [sources.map((source) => source.schema), sources.map((source) => source.name)],
  )
}
