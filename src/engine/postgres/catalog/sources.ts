import type { SourceName } from '../../engine.ts'
import type { Session } from '../connection/session.ts'
import { sourceId } from './source-id.ts'

/** A relation with rows that the views of a run read, near or through other views. */
export interface SourceStorage {
  id: number
  /** `schema.name`, for messages. */
  name: string
  /** Changes with TRUNCATE, and with whatever else writes the rows anew. */
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
            pg_relation_filenode(c.oid)::text as storage
     from reached
     join pg_class c on c.oid = reached.oid
     join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema')
     order by 1`,
    [sources.map((source) => source.schema), sources.map((source) => source.name)],
  )
}

/** Which of them lie elsewhere now, by name. A session that has read a source sees no change of it any more. */
export async function findRewritten(session: Session, noted: readonly SourceStorage[]): Promise<string[]> {
  if (noted.length === 0) return []
  const rows = await session.query<{ name: string }>(
    `select name from unnest($1::oid[], $2::text[], $3::text[]) as noted(id, name, storage)
     where pg_relation_filenode(id)::text is distinct from storage`,
    [noted.map(({ id }) => id), noted.map(({ name }) => name), noted.map(({ storage }) => storage)],
  )
  return rows.map((row) => row.name)
}
