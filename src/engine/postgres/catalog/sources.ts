import type { SourceName } from '../../sources.ts'
import type { Session } from '../connection/session.ts'
import { sourceId } from './source-id.ts'

/** A relation that the views of a run read, near or through other views. */
export interface SourceStorage {
  id: number
  /** `schema.name`, for messages. */
  name: string
  /** Changes with TRUNCATE, and with whatever else writes the rows anew; of a plain view, its definition. */
  storage: string
}

/**
 * Where the rows of the sources lie: those of tables and materialized views, of partitions and children, and of all
 * that plain views read. Foreign tables have none that could be told.
 */
export async function readSourceStorage(
  session: Session,
  sources: readonly SourceName[],
): Promise<SourceStorage[]> {
  return session.query<SourceStorage & { [column: string]: unknown }>(
    `with recursive reached(oid) as (
       select ${sourceId}
       from unnest($1::text[], $2::text[]) as source(schema_name, relation_name)
       union
       select next.oid
       from reached
       cross join lateral (
         select i.inhrelid as oid from pg_inherits i where i.inhparent = reached.oid
         union all
         select d.refobjid
         from pg_rewrite r
         join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid
         join pg_class c on c.oid = r.ev_class
         where r.ev_class = reached.oid and c.relkind = 'v' and d.refclassid = 'pg_class'::regclass
       ) as next
     )
     select c.oid::bigint::float8 as id, format('%s.%s', n.nspname, c.relname) as name,
            case when c.relkind = 'v'
                 then (select md5(string_agg(r.ev_action::text, '' order by r.oid)) from pg_rewrite r where r.ev_class = c.oid)
                 else pg_relation_filenode(c.oid)::text end as storage
     from reached
     join pg_class c on c.oid = reached.oid
     join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'm', 'v') and n.nspname not in ('pg_catalog', 'information_schema')
     order by 1`,
    [sources.map((source) => source.schema), sources.map((source) => source.name)],
  )
}

/**
 * What is no longer as it was noted, by name: rows lie elsewhere, another relation has taken the name of a source, a
 * partition came or went, a view reads something else.
 */
export async function findReplaced(
  session: Session,
  sources: readonly SourceName[],
  noted: readonly SourceStorage[],
): Promise<string[]> {
  if (sources.length === 0) return []
  const now = await readSourceStorage(session, sources)
  return [...new Set([...without(noted, now), ...without(now, noted)].map(({ name }) => name))]
}

function without(some: readonly SourceStorage[], others: readonly SourceStorage[]): SourceStorage[] {
  const known = new Map(others.map((other) => [other.id, other.storage]))
  return some.filter(({ id, storage }) => known.get(id) !== storage)
}
