import { ownershipRemedy, relationToAlter } from './ownership-remedy.ts'
import { mayReferTo } from './may-refer-to.ts'
import { lackOfSchemas } from './lack-of-schemas.ts'
import type { Session } from '../connection/session.ts'

/** Something outside the run that is bound to a live relation, and would stay bound to its old version. */
export interface Dependent {
  /** What it is, as the server says it: `view reports.by_city`. */
  description: string
  /** Object id of the live relation that it is bound to. */
  relation: number
  /** Columns of that relation that it uses; empty when the whole row is meant. */
  columns: readonly string[]
  /** Its own object id, where it is a materialized view. */
  materialized: number | null
  /** What makes it point to the new version; null: nothing does. */
  remedy: Remedy | null
  /** Null: this role may apply the remedy. */
  lacks: Lack | null
  /** A column of another table that has rows of the relation as its values; null: it is something else. */
  keeps: KeptRows | null
  /** Object id of the table whose policy it is; null: it is something else. */
  policyOf: number | null
}

export interface KeptRows {
  /** Object id of the table. */
  id: number
  /** As SQL. */
  table: string
  column: string
  areArrays: boolean
}

export interface Lack {
  /** `it belongs to joe`. */
  because: string
  /** What an administrator runs: `grant joe to duro`. */
  remedy: string
}

export interface Remedy {
  /** Takes the lock that the replay needs; null where there is nothing to lock. */
  lock: string | null
  /** Run before the relations move. */
  before: string | null
  /** Run after: the definition as it was, which now finds the new relation under the live name. */
  replay: string
  /** Run when all is published. */
  afterwards: string | null
  /** Its own object id, for a view. */
  id: number | null
  /** The other dependents that it reads: those on top are locked first, as readers do. */
  reads: readonly number[]
}

/**
 * All that depends on relations, their row types and their constraints, and is not part of them. Call it with an
 * empty search path: then every definition is printed with the names that stand after the swap as before.
 * @param ids object ids of the live relations of a run
 * @param leftovers those of registered versions, which may stay bound
 */
export async function readDependents(
  session: Session,
  ids: readonly number[],
  leftovers: readonly number[] = [],
): Promise<Dependent[]> {
  if (ids.length === 0) return []
  const rows = await session.query<{ dependent: Dependent }>(dependentsQuery, [ids, [...ids, ...leftovers]])
  return rows.map((row) => row.dependent)
}

/** Changes when any dependent, or the definition of one, does. */
export const dependentsFingerprint = (ids: readonly number[], leftovers: readonly number[]): string =>
  `(select md5(coalesce(string_agg(d.dependent::text, '' order by d.dependent::text), '')) from (${dependentsQuery
    .replaceAll('$1', `'{${ids.join(',')}}'`)
    .replaceAll('$2', `'{${[...ids, ...leftovers].join(',')}}'`)}) as d)`

/** Before 18 a foreign key of a partitioned table is validated at once, or not at all. */
const mayWait = `(current_setting('server_version_num')::integer >= 180000
          or (select relkind from pg_class where oid = o.conrelid) <> 'p')`

const dependentsQuery = `
with member as (
  select c.oid, c.reltype, t.typarray from pg_class c left join pg_type t on t.oid = c.reltype
  where c.oid = any($1::oid[])
),
target as (
  select 'pg_class'::regclass as classid, oid as objid, oid as member from member
  union all select 'pg_type'::regclass, reltype, oid from member where reltype <> 0
  union all select 'pg_type'::regclass, typarray, oid from member where typarray <> 0
  union all select 'pg_constraint'::regclass, k.oid, m.oid from member m join pg_constraint k on k.conrelid = m.oid
  union all select 'pg_class'::regclass, i.indexrelid, m.oid from member m join pg_index i on i.indrelid = m.oid
),
found as (
  select d.classid, d.objid, d.objsubid, target.member,
         array_agg(distinct a.attname::text) filter (where a.attname is not null) as columns
  from pg_depend d
  join target on target.classid = d.refclassid and target.objid = d.refobjid
  left join pg_attribute a
    on d.refclassid = 'pg_class'::regclass and a.attrelid = d.refobjid and a.attnum = d.refobjsubid and d.refobjsubid > 0
  where d.deptype = 'n'
  group by d.classid, d.objid, d.objsubid, target.member
),
dependent as (
  select found.*, r.oid as rule, rc.oid as relation, rc.relkind, rc.relname, rn.nspname, rc.reloptions, rc.relowner, r.rulename,
         p.oid as routine, p.prosqlbody is not null as bound_body,
         pol.oid as policy, case when k.contype = 'f' then k.oid end as foreign_key, tc.oid as typed_table
  from found
  left join pg_rewrite r on found.classid = 'pg_rewrite'::regclass and r.oid = found.objid
  left join pg_class rc on rc.oid = r.ev_class
  left join pg_namespace rn on rn.oid = rc.relnamespace
  left join pg_proc p on found.classid = 'pg_proc'::regclass and p.oid = found.objid
  left join pg_policy pol on found.classid = 'pg_policy'::regclass and pol.oid = found.objid
  left join pg_constraint k on found.classid = 'pg_constraint'::regclass and k.oid = found.objid
  left join pg_attribute ta on found.classid = 'pg_class'::regclass and ta.attrelid = found.objid
    and ta.attnum = found.objsubid and found.objsubid > 0
  left join pg_class tc on found.classid = 'pg_class'::regclass and found.objsubid > 0 and tc.oid = found.objid
    and tc.relkind in ('r', 'p')
    -- the type of a column cannot be changed where a child has it from another parent too, or is a foreign table
    and not exists (
      with recursive tree(oid) as (
        select tc.oid union select i.inhrelid from pg_inherits i join tree on i.inhparent = tree.oid)
      select from tree join pg_class x on x.oid = tree.oid
      join pg_attribute xa on xa.attrelid = x.oid and xa.attname = ta.attname
      where x.relkind = 'f' or xa.attinhcount > 1)
  left join pg_trigger tg on found.classid = 'pg_trigger'::regclass and tg.oid = found.objid
  left join pg_attrdef ad on found.classid = 'pg_attrdef'::regclass and ad.oid = found.objid
  left join pg_publication_rel pr on found.classid = 'pg_publication_rel'::regclass and pr.oid = found.objid
  -- what belongs to another relation of the run is replaced together with it; an old version stays as it was
  where (rc.oid is null or rc.oid <> all($2::oid[]))
    and (pol.oid is null or pol.polrelid <> all($2::oid[]))
    -- that of a partition goes, and comes, with that of its parent
    and (k.oid is null or k.conrelid <> all($2::oid[]) and k.conparentid = 0)
    and (pr.oid is null or pr.prrelid <> all($2::oid[]))
    -- a column of a partition, or of a child, changes with that of its parent
    and coalesce(ta.attinhcount, 0) = 0
    and (tg.oid is null or tg.tgrelid <> all($2::oid[]))
    -- a generated column depends on those of its own table in this way
    and (ad.oid is null or ad.adrelid <> all($2::oid[]))
    -- a temporary view of another session cannot be touched: the old version stays until that session ends
    and (rn.nspname is null or rn.nspname !~ '^pg_temp_')
    and not (found.classid = 'pg_class'::regclass and found.objid = any($2::oid[]))
    and not (found.classid = 'pg_type'::regclass and exists (
      select from pg_type t where t.oid = found.objid and t.typrelid = any($2::oid[])))
)
select json_build_object(
  'description', case
    when relkind = 'v' and rulename = '_RETURN' then format('view %I.%I', nspname, relname)
    when relkind = 'm' then format('materialized view %I.%I', nspname, relname)
    else pg_describe_object(classid, objid, objsubid) end,
  'relation', member::bigint,
  'materialized', case when relkind = 'm' then relation::bigint end,
  'columns', to_json(coalesce(columns, '{}')),
  'remedy', case
    when relkind = 'v' and rulename = '_RETURN' then json_build_object(
      'lock', format('alter view %I.%I owner to %I', nspname, relname, pg_get_userbyid(relowner)),
      'before', null,
      'replay', format('create or replace view %I.%I%s as %s', nspname, relname,
        (select ' with (' || string_agg(split_part(o, '=', 1) || '=' || quote_literal(substr(o, strpos(o, '=') + 1)), ', ') || ')'
         from unnest(reloptions) as o),
        rtrim(pg_get_viewdef(relation), ';')),
      'afterwards', null,
      'id', relation::bigint,
      'reads', array(select distinct d.refobjid::bigint from pg_depend d
                     where d.classid = 'pg_rewrite'::regclass and d.objid = dependent.rule
                       and d.refclassid = 'pg_class'::regclass and d.refobjid <> dependent.relation order by 1))
    when relkind = 'm' then null
    when rule is not null then json_build_object(
      'lock', format('alter %s %I.%I owner to %I', case relkind when 'v' then 'view' else 'table' end,
                     nspname, relname, pg_get_userbyid(relowner)), 'before', null, 'id', null, 'reads', '{}'::int[], 'afterwards', null,
      'replay', regexp_replace(rtrim(pg_get_ruledef(rule), ';'), '^CREATE RULE', 'create or replace rule'))
    when bound_body and classid = 'pg_proc'::regclass then json_build_object(
      'lock', null, 'before', null, 'id', null, 'reads', '{}'::int[], 'afterwards', null, 'replay', pg_get_functiondef(routine))
    when policy is not null then (
      select json_build_object(
        'lock', (select format('alter table %s owner to %I', t.oid::regclass, pg_get_userbyid(t.relowner))
                 from pg_class t where t.oid = o.polrelid),
        'before', null, 'id', null, 'reads', '{}'::int[], 'afterwards', null,
        'replay', format('alter policy %I on %s', o.polname, o.polrelid::regclass)
          || coalesce(' using (' || pg_get_expr(o.polqual, o.polrelid) || ')', '')
          || coalesce(' with check (' || pg_get_expr(o.polwithcheck, o.polrelid) || ')', ''))
      from pg_policy o where o.oid = policy)
    when typed_table is not null then (
      select json_build_object(
        'lock', format('alter table %s owner to %I', t.oid::regclass, pg_get_userbyid(t.relowner)),
        'before', null, 'id', null, 'reads', '{}'::int[], 'afterwards', null,
        -- the type of the same name is another one after the swap; its rows go over as text
        'replay', format('alter table %s alter column %I type %s using %I::text::%s', t.oid::regclass, a.attname,
          format_type(a.atttypid, a.atttypmod), a.attname, format_type(a.atttypid, a.atttypmod)))
      from pg_class t join pg_attribute a on a.attrelid = t.oid
      where t.oid = typed_table and a.attnum = dependent.objsubid)
    when foreign_key is not null then (
      select json_build_object(
        'lock', (select format('alter table %s owner to %I', t.oid::regclass, pg_get_userbyid(t.relowner))
                 from pg_class t where t.oid = o.conrelid),
        'id', null, 'reads', '{}'::int[],
        'before', format('alter table %s drop constraint %I', o.conrelid::regclass, o.conname),
        'replay', format('alter table %s add constraint %I %s%s', o.conrelid::regclass, o.conname,
          regexp_replace(pg_get_constraintdef(o.oid), ' NOT VALID$', ''),
          case when ${mayWait} then ' not valid' end)
          || case when obj_description(o.oid, 'pg_constraint') is null then ''
                  else format('; comment on constraint %I on %s is %L', o.conname, o.conrelid::regclass,
                              obj_description(o.oid, 'pg_constraint')) end,
        'afterwards', case when o.convalidated and ${mayWait}
          then format('alter table %s validate constraint %I', o.conrelid::regclass, o.conname) end)
      from pg_constraint o where o.oid = foreign_key)
  end,
  'keeps', (
    select json_build_object('id', a.attrelid::bigint, 'table', a.attrelid::regclass, 'column', quote_ident(a.attname),
                             'areArrays', t.typcategory = 'A')
    from pg_attribute a join pg_type t on t.oid = a.atttypid
    where a.attrelid = dependent.typed_table and a.attnum = dependent.objsubid),
  'policyOf', (select polrelid::bigint from pg_policy where oid = policy),
  'lacks', case
    when not pg_has_role(owned.owner, 'usage') then json_build_object(
      'because', format('it belongs to %I', pg_get_userbyid(owned.owner)), 'remedy', ${ownershipRemedy('owned.owner', 'owned.what')})
    when owned.by_name and not (has_schema_privilege(owned.schema, 'usage') and has_schema_privilege(owned.schema, 'create'))
    then json_build_object(
      'because', format('it lies in %I', owned.schema::regnamespace),
      'remedy', format('grant usage, create on schema %s to %I', owned.schema::regnamespace, current_user))
    when not has_schema_privilege(owned.schema, 'usage') then json_build_object(
      'because', format('it lies in %I', owned.schema::regnamespace),
      'remedy', format('grant usage on schema %s to %I', owned.schema::regnamespace, current_user))
    when rule is not null then ${lackOfSchemas('pg_rewrite', 'rule')}
    when policy is not null then ${lackOfSchemas('pg_policy', 'policy')}
    when routine is not null then ${lackOfSchemas('pg_proc', 'routine')}
    when foreign_key is not null and not ${mayReferTo('member', '(select confkey from pg_constraint where oid = foreign_key)')} then json_build_object(
      'because', 'it needs REFERENCES on it',
      'remedy', format('grant references on %s to %I', member::regclass, current_user))
  end
) as dependent
from dependent
left join lateral (
  -- what is replaced by name needs the rights of one who makes it
  select ${relationToAlter('c')} as what, c.relowner as owner, c.relnamespace as schema, dependent.rulename = '_RETURN' as by_name
  from pg_class c
  where c.oid = coalesce(
    dependent.relation, dependent.typed_table,
    (select polrelid from pg_policy where oid = dependent.policy),
    (select conrelid from pg_constraint where oid = dependent.foreign_key))
  union all
  select format('routine %s', oid::regprocedure), proowner, pronamespace, true from pg_proc where oid = dependent.routine
) as owned on true`
