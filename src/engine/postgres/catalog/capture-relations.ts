import { parametersFor, relationsAt } from './relations-at.ts'
import type { Address } from '../../../sql/identifiers.ts'
import type { Session } from '../connection/session.ts'
import type { CapturedIndex, CapturedRelation } from './captured-relation.ts'
import { mayBecome } from './may-become.ts'
import { membershipRemedy } from './membership-remedy.ts'
import { ownObjects } from './own-objects.ts'
import { isAsSuperuser } from './ownership-remedy.ts'

/**
 * The relations that stand at the addresses; an address without one has no entry.
 * The session's search path must be empty, so that definitions print every name qualified.
 */
export async function captureRelations(
  session: Session,
  addresses: readonly Address[],
): Promise<CapturedRelation[]> {
  if (addresses.length === 0) return []
  // Planning it takes longer than running it.
  const rows = await session.query<{ captured: CapturedRelation }>(
    captureQuery(session.version),
    parametersFor(addresses),
    'capture',
  )
  return rows.map((row) => row.captured)
}

/**
 * Those of one relation alone. The session's search path must be empty.
 * @param relation as SQL
 */
export async function captureIndexes(session: Session, relation: string): Promise<readonly CapturedIndex[]> {
  const [row] = await session.query<{ indexes: CapturedIndex[] }>(
    `select ${indexes} as indexes from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = $1::regclass`,
    [relation],
  )
  return row?.indexes ?? []
}

/** Whether duro's role can grant something on the relation `c` in the name of another, who needs its schema `n` for it. */
const maySpeakFor = (version: number, grantor: string): string =>
  `(${grantor} = c.relowner or (${mayBecome(version, grantor)} and has_schema_privilege(${grantor}, n.oid, 'usage')))`

/** One item per grant, in the order of the list: a later grantor may hold its right from an earlier item. */
const grantsOf = (version: number, acl: string): string => `(
  select json_agg(json_build_object(
           'grantee', case when item.grantee = 0 then null else pg_get_userbyid(item.grantee) end,
           'grantor', pg_get_userbyid(case when ${maySpeakFor(version, 'item.grantor')} then item.grantor else c.relowner end),
           'privilege', item.privilege_type,
           'grantable', item.is_grantable) order by item.ordinality)
  from aclexplode(${acl}) with ordinality as item)`

const silentGrantors = (version: number): string => `(
  select coalesce(json_agg(json_build_object(
           'name', pg_get_userbyid(grantor),
           'remedy', case
             when ${mayBecome(version, 'grantor')} then format('grant usage on schema %I to %I', n.nspname, pg_get_userbyid(grantor))
             when not ${isAsSuperuser('grantor')} then ${membershipRemedy('grantor')} end) order by grantor), '[]'::json)
  from (select item.grantor from aclexplode(c.relacl) as item
        union select item.grantor from pg_attribute a, aclexplode(a.attacl) as item where a.attrelid = c.oid
        union select item.grantor from pg_depend d join pg_class sc on sc.oid = d.objid, aclexplode(sc.relacl) as item
          where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid
            and d.deptype = 'i' and sc.relkind = 'S') as given(grantor)
  where not ${maySpeakFor(version, 'grantor')})`

const listOf = (array: string): string => `coalesce(to_json(${array}), '[]'::json)`

const extensionsOf = (relation: string): string => `(
  select coalesce(json_agg(e.extname order by e.extname), '[]'::json)
  from pg_depend d join pg_extension e on e.oid = d.refobjid
  where d.classid = 'pg_class'::regclass and d.objid = ${relation} and d.objsubid = 0
    and d.refclassid = 'pg_extension'::regclass and d.deptype = 'x')`

/** Those that an object on the relation `c` needs: its keys, and what its expressions name. */
const columnsOf = (catalog: string, object: string, keys: string): string => `(
  select coalesce(json_agg(distinct a.attname), '[]'::json)
  from pg_attribute a
  where a.attrelid = c.oid and a.attnum > 0
    and (a.attnum = any(${keys}::int2[]) or exists (
      select from pg_depend d
      where d.classid = '${catalog}'::regclass and d.objid = ${object}
        and d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid and d.refobjsubid = a.attnum)))`

/** What follows `using` in the definition of the index `ic` on the relation `c` in the schema `n`. */
const indexUsing = `substr(
        pg_get_indexdef(i.indexrelid),
        length(format('CREATE %sINDEX %I ON %I.%I USING ',
          case when i.indisunique then 'UNIQUE ' else '' end, ic.relname, n.nspname, c.relname)) + 1)`

/** The options of the index `ic` as its definition prints them; null where it has none. */
const indexOptions = `(
        select ' WITH (' || string_agg(
          quote_ident(option_name) || '=' ||
            case when quote_ident(option_value) = option_value then option_value else quote_literal(option_value) end,
          ', ' order by position) || ')'
        from pg_options_to_table(ic.reloptions) with ordinality as o(option_name, option_value, position))`

/** Of the relation `c` in the schema `n`. */
const indexes = `(
    select coalesce(json_agg(json_build_object(
      'name', ic.relname,
      'unique', i.indisunique,
      'using', ${indexUsing},
      'withoutOptions', replace(${indexUsing}, coalesce(${indexOptions}, ''), ''),
      'tablespace', ispace.spcname,
      'comment', obj_description(ic.oid, 'pg_class'),
      'columns', ${columnsOf('pg_class', 'ic.oid', 'i.indkey')},
      'statistics', (
        select coalesce(json_agg(json_build_object('column', a.attnum, 'target', a.attstattarget) order by a.attnum), '[]'::json)
        from pg_attribute a
        where a.attrelid = ic.oid and a.attnum > 0 and a.attstattarget >= 0),
      'clustered', i.indisclustered,
      'replicaIdentity', i.indisreplident,
      'extensions', ${extensionsOf('ic.oid')}
    ) order by ic.relname), '[]'::json)
    from pg_index i
    join pg_class ic on ic.oid = i.indexrelid
    left join pg_tablespace ispace on ispace.oid = ic.reltablespace
    where i.indrelid = c.oid and i.indisvalid
      and not exists (select from pg_constraint k where k.conindid = ic.oid and k.conrelid = c.oid))`

const captureQuery = (version: number): string => `
with wanted as (
  select c.*
  from ${relationsAt}
)
select json_build_object(
  'id', c.oid::bigint,
  'schema', n.nspname,
  'name', c.relname,
  'kind', c.relkind,
  'owner', pg_get_userbyid(c.relowner),
  'grants', ${grantsOf(version, 'c.relacl')},
  'silentGrantors', ${silentGrantors(version)},
  'options', ${listOf('c.reloptions')},
  'toastOptions', ${listOf('toast.reloptions')},
  'tablespace', space.spcname,
  'accessMethod', am.amname,
  'persistence', c.relpersistence,
  'replicaIdentity', c.relreplident,
  'comment', obj_description(c.oid, 'pg_class'),
  'storage', pg_relation_filenode(c.oid)::text,
  'extensions', ${extensionsOf('c.oid')},
  'columns', (
    select coalesce(json_agg(json_build_object(
      'name', a.attname,
      'type', format_type(a.atttypid, a.atttypmod),
      'comment', col_description(c.oid, a.attnum),
      'grants', ${grantsOf(version, 'a.attacl')},
      -- 15.20 itself notes the version of a column there, as pg_attver, which nobody can set
      'options', (
        select coalesce(json_agg(option order by option), '[]'::json)
        from unnest(a.attoptions) as option where option !~ '^pg_'),
      'storage', case when a.attstorage <> t.typstorage then a.attstorage end,
      'compression', case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end,
      'statistics', case when a.attstattarget >= 0 then a.attstattarget end,
      'default', case when a.attgenerated = '' and a.attidentity = '' then pg_get_expr(def.adbin, def.adrelid) end,
      'notNull', a.attnotnull and not exists (
        select from pg_constraint k
        where k.conrelid = c.oid and k.contype in ('n', 'p') and k.conkey @> array[a.attnum]),
      'generated', a.attgenerated <> '',
      'identity', (
        select json_build_object(
          'kind', case a.attidentity when 'a' then 'always' else 'by default' end,
          'sequence', sc.relname,
          'options', format('start %s increment %s minvalue %s maxvalue %s cache %s%s', s.seqstart, s.seqincrement,
                            s.seqmin, s.seqmax, s.seqcache, case when s.seqcycle then ' cycle' else '' end),
          'grants', ${grantsOf(version, 'sc.relacl')},
          'comment', obj_description(sc.oid, 'pg_class'))
        from pg_depend d
        join pg_sequence s on s.seqrelid = d.objid
        join pg_class sc on sc.oid = s.seqrelid
        where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass
          and d.refobjid = c.oid and d.refobjsubid = a.attnum and d.deptype = 'i')
    ) order by a.attnum), '[]'::json)
    from pg_attribute a
    join pg_type t on t.oid = a.atttypid
    left join pg_attrdef def on def.adrelid = c.oid and def.adnum = a.attnum
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
  'indexes', ${indexes},
  'statistics', (
    select coalesce(json_agg(json_build_object(
      'schema', sn.nspname,
      'name', s.stxname,
      'owner', pg_get_userbyid(s.stxowner),
      'definition', (
        select substr(d.text, d.head + 1, length(d.text) - d.head - d.tail)
        from (select pg_get_statisticsobjdef(s.oid) as text,
                     length(format('CREATE STATISTICS %I.%I ', sn.nspname, s.stxname)) as head,
                     length(format(' FROM %I.%I', n.nspname, c.relname)) as tail) as d),
      'target', case when s.stxstattarget >= 0 then s.stxstattarget end,
      'comment', obj_description(s.oid, 'pg_statistic_ext'),
      'columns', ${columnsOf('pg_statistic_ext', 's.oid', 's.stxkeys')}
    ) order by sn.nspname, s.stxname), '[]'::json)
    from pg_statistic_ext s join pg_namespace sn on sn.oid = s.stxnamespace
    where s.stxrelid = c.oid),
  'constraints', (
    select coalesce(json_agg(json_build_object(
      'name', k.conname,
      'definition', pg_get_constraintdef(k.oid),
      'columns', array(select a.attname from pg_attribute a where a.attrelid = c.oid and a.attnum = any(k.conkey)),
      'comment', obj_description(k.oid, 'pg_constraint'),
      'index', case when ki.oid is not null then json_build_object(
        'name', ki.relname,
        'options', ${listOf('ki.reloptions')},
        'tablespace', kspace.spcname,
        'comment', obj_description(ki.oid, 'pg_class'),
        'clustered', kx.indisclustered,
        'replicaIdentity', kx.indisreplident) end
    ) order by k.contype = 'n' desc, k.contype = 'p' desc, k.conname), '[]'::json)
    from pg_constraint k
    left join pg_class ki on ki.oid = k.conindid
    left join pg_index kx on kx.indexrelid = ki.oid
    left join pg_tablespace kspace on kspace.oid = ki.reltablespace
    where k.conrelid = c.oid and k.contype in ('c', 'u', 'p', 'x', 'n')),
  'objects', ${ownObjects(version)},
  'inherits', c.relkind = 'p' or c.relispartition
    or exists (select from pg_inherits i where i.inhparent = c.oid or i.inhrelid = c.oid)
) as captured
from wanted c
join pg_namespace n on n.oid = c.relnamespace
left join pg_class toast on toast.oid = c.reltoastrelid
left join pg_tablespace space on space.oid = c.reltablespace
left join pg_am am on am.oid = c.relam
order by n.nspname, c.relname`
