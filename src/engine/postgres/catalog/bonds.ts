import type { Session } from '../connection/session.ts'

/** One relation hangs on another: on itself, on the type of its rows, or on a constraint of it. */
export interface Bond {
  /** Its object id. */
  relation: number
  /** That of the other. */
  target: number
  /** Whether it is only the type of its rows, or of arrays of them. */
  isType: boolean
  /** Whether it is only a table that has rows of the other as values: it can be pointed at other rows. */
  keepsRows: boolean
}

/** What relations hang on among the targets, directly and apart from themselves; both by their object ids. */
export async function readBonds(
  session: Session,
  relations: readonly number[],
  targets: readonly number[],
): Promise<Bond[]> {
  if (relations.length === 0 || targets.length === 0) return []
  return session.query<Bond>(
    `with relation as materialized (
       select c.oid, c.relkind from unnest($1::oid[]) as wanted(oid) join pg_class c on c.oid = wanted.oid
     ),
     part as (
       select 'pg_rewrite'::regclass as classid, r.oid as objid, relation.oid as relation, false as is_column
       from relation join pg_rewrite r on r.ev_class = relation.oid
       union all select 'pg_class'::regclass, oid, oid, relkind in ('r', 'p') from relation
     ),
     -- what is depended on, as the relation that it belongs to
     bond as (
       select part.relation, part.is_column, d.refclassid = 'pg_type'::regclass as is_type,
              case d.refclassid
                when 'pg_class'::regclass then d.refobjid
                when 'pg_type'::regclass then (
                  select case when t.typrelid <> 0 then t.typrelid
                              else (select e.typrelid from pg_type e where e.oid = t.typelem) end
                  from pg_type t where t.oid = d.refobjid)
                when 'pg_constraint'::regclass then (select k.conrelid from pg_constraint k where k.oid = d.refobjid)
              end as target
       from part join pg_depend d on d.classid = part.classid and d.objid = part.objid and d.deptype = 'n'
     )
     select relation, target, bool_and(is_type) as "isType", bool_and(is_column) as "keepsRows"
     from bond where relation <> target and target in (select unnest($2::oid[]))
     group by relation, target order by relation, target`,
    [relations, targets],
  )
}
