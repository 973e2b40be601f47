import { formatAddress, quoteLiteral } from '../../../sql/identifiers.ts'
import type { SwapMember } from '../../engine.ts'
import type { Session } from '../connection/session.ts'
import { addressOf } from '../places.ts'

/**
 * Notes the state of the live relations before anything is read of them.
 * @returns SQL that is true while nothing has been granted, commented, indexed or otherwise changed on them since.
 * While the swap waits for its locks somebody's transaction may commit who did just that: it is what the swap waits for.
 */
export async function noteLive(session: Session, members: readonly SwapMember[]): Promise<string> {
  const [row] = await session.query<{ ids: string[] }>(
    `select array(select to_regclass(name)::oid::text from unnest($1::text[]) as name where to_regclass(name) is not null) as ids`,
    [members.map(({ view }) => formatAddress(addressOf(view, 'live')))],
  )
  const fingerprint = liveFingerprint(row?.ids ?? [])
  const [noted] = await session.query<{ fingerprint: string }>(`select ${fingerprint} as fingerprint`)
  return `${fingerprint} = ${quoteLiteral(noted?.fingerprint ?? '')}`
}

/**
 * Which transaction wrote each row of the catalog that says something of the relations: cheap, as it is read while
 * readers wait. A row that is updated in place, as that of a table which gets an index, has rows beside it that tell.
 */
function liveFingerprint(ids: readonly string[]): string {
  const live = `any('{${ids.join(',')}}'::oid[])`
  const part = (catalog: string, relation: string): string =>
    `select '${catalog}'::regclass::oid, oid, xmin from ${catalog} where ${relation} = ${live}`
  return `(
with own(classid, objid, written) as materialized (
  ${part('pg_class', 'oid')}
  union all select 'pg_class'::regclass::oid, c.oid, c.xmin
    from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = ${live}
  union all select 'pg_class'::regclass::oid, c.oid, c.xmin
    from pg_depend d join pg_class c on c.oid = d.objid and c.relkind = 'S'
    where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = ${live}
      and d.deptype = 'i'
  union all ${part('pg_constraint', 'conrelid')}
  union all ${part('pg_trigger', 'tgrelid')}
  union all ${part('pg_policy', 'polrelid')}
  union all ${part('pg_rewrite', 'ev_class')}
  union all ${part('pg_statistic_ext', 'stxrelid')}
  union all ${part('pg_attrdef', 'adrelid')}
  union all ${part('pg_publication_rel', 'prrelid')}
),
row(text) as (
  select concat_ws(' ', classid, objid, written) from own
  union all select concat_ws(' ', 'index', indexrelid, xmin, indisvalid) from pg_index where indrelid = ${live}
  union all select concat_ws(' ', 'column', attrelid, attnum, a.xmin)
    from own join pg_attribute a on a.attrelid = own.objid
    where own.classid = 'pg_class'::regclass and a.attnum > 0
  union all select concat_ws(' ', 'comment', d.classoid, d.objoid, d.objsubid, d.xmin)
    from own join pg_description d on d.classoid = own.classid and d.objoid = own.objid
  union all select concat_ws(' ', 'needs', d.objid, d.refclassid, d.refobjid, d.xmin)
    from own join pg_depend d on d.classid = own.classid and d.objid = own.objid
    where own.classid = 'pg_class'::regclass
  union all select concat_ws(' ', 'owns', classid, objid, xmin)
    from pg_depend where refclassid = 'pg_class'::regclass and refobjid = ${live} and deptype = 'a'
  union all select concat_ws(' ', 'identity', s.seqrelid, s.xmin)
    from pg_depend d join pg_sequence s on s.seqrelid = d.objid
    where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = ${live}
      and d.deptype = 'i'
)
select md5(coalesce(string_agg(text, ',' order by text), '')) from row)`
}
