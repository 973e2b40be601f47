/** Schemas of users: not the server's, not duro's state, and not those in which duro keeps new and old versions. */
const schemas = `
  with schema as (
    select n.oid, n.nspname, n.nspowner, n.nspacl from pg_namespace n
    where n.nspname !~ '^(pg_|information_schema$)' and n.nspname <> $1
      and coalesce(obj_description(n.oid, 'pg_namespace'), '') not like 'duro:%'
  ),
  relation as (
    select c.*, schema.nspname, format('%I.%I', schema.nspname, c.relname) as name
    from pg_class c join schema on schema.oid = c.relnamespace
  ),
  routine as (
    select p.*, p.oid::regprocedure::text as name from pg_proc p join schema on schema.oid = p.pronamespace
  )`

/** A list that nobody has touched means the default one. The order stays: it is the order of replaying. */
const acl = (list: string, kind: string, owner: string): string =>
  `coalesce(${list}, acldefault(${kind}, ${owner}))::text`

/** Whether an object's identity names none of the schemas that are left out; of dependencies, the end that leans. */
const isOfUsers = (identity: string): string => `not exists (
  select from pg_namespace n
  where n.oid not in (select oid from schema) and n.nspname not in ('pg_catalog', 'information_schema')
    and (position(quote_ident(n.nspname) || '.' in ${identity}) > 0 or ${identity} = quote_ident(n.nspname)))`

const fact = (fields: string): string => `json_build_object(${fields})::text as fact`

/** A query for each kind of fact; each gives one text per fact. */
export const catalogQueries: Readonly<Record<string, string>> = {
  schema: `${schemas}
    select ${fact(`'name', nspname, 'owner', nspowner::regrole, 'acl', ${acl('nspacl', "'n'", 'nspowner')}`)}
    from schema`,

  relation: `${schemas}
    select ${fact(`
      'name', r.name, 'kind', r.relkind, 'owner', r.relowner::regrole,
      'acl', ${acl('r.relacl', `case r.relkind when 'S' then 's'::"char" else 'r'::"char" end`, 'r.relowner')},
      'options', r.reloptions, 'toast options', t.reloptions, 'tablespace', s.spcname, 'method', am.amname,
      'persistence', r.relpersistence, 'replica identity', r.relreplident, 'populated', r.relispopulated,
      'row security', r.relrowsecurity, 'forced row security', r.relforcerowsecurity,
      'of type', nullif(r.reloftype, 0)::regtype, 'bound', pg_get_expr(r.relpartbound, r.oid),
      'partition key', case when r.relkind = 'p' then pg_get_partkeydef(r.oid) end,
      'definition', case when r.relkind in ('v', 'm') then pg_get_viewdef(r.oid) end`)}
    from relation r
    left join pg_class t on t.oid = r.reltoastrelid
    left join pg_tablespace s on s.oid = r.reltablespace
    left join pg_am am on am.oid = r.relam`,

  column: `${schemas}
    select ${fact(`
      'of', r.name, 'name', a.attname, 'place', rank() over (partition by a.attrelid order by a.attnum),
      'type', format_type(a.atttypid, a.atttypmod), 'not null', a.attnotnull,
      'default', pg_get_expr(d.adbin, d.adrelid), 'identity', a.attidentity, 'generated', a.attgenerated,
      'acl', a.attacl::text, 'options', (select array_agg(option) from unnest(a.attoptions) as option where option !~ '^pg_'), 'foreign options', a.attfdwoptions,
      'storage', case when r.relkind in ('i', 'I') then null else a.attstorage end,
      'compression', a.attcompression, 'statistics', coalesce(a.attstattarget, -1),
      'collation', nullif(a.attcollation, 0)::regcollation, 'local', a.attislocal, 'inherited', a.attinhcount`)}
    from relation r
    join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum`,

  index: `${schemas}
    select ${fact(`
      'on', i.indrelid::regclass, 'definition', pg_get_indexdef(i.indexrelid), 'primary', i.indisprimary,
      'valid', i.indisvalid, 'clustered', i.indisclustered, 'replica identity', i.indisreplident,
      'immediate', i.indimmediate`)}
    from pg_index i join relation r on r.oid = i.indexrelid`,

  constraint: `${schemas}
    select ${fact(`
      'on', nullif(k.conrelid, 0)::regclass, 'of type', nullif(k.contypid, 0)::regtype, 'name', k.conname,
      'kind', k.contype, 'definition', pg_get_constraintdef(k.oid), 'valid', k.convalidated,
      'local', k.conislocal, 'inherited', k.coninhcount, 'not inheritable', k.connoinherit,
      'index', nullif(k.conindid, 0)::regclass`)}
    from pg_constraint k join schema on schema.oid = k.connamespace
    where k.contype <> 't'`,

  trigger: `${schemas}
    select ${fact(`
      'on', r.name, 'name', case when not t.tgisinternal then t.tgname end, 'enabled', t.tgenabled,
      'definition', case when not t.tgisinternal then pg_get_triggerdef(t.oid) else t.tgfoid::regproc::text end,
      'constraint', k.conname`)}
    from pg_trigger t join relation r on r.oid = t.tgrelid left join pg_constraint k on k.oid = t.tgconstraint`,

  rule: `${schemas}
    select ${fact(`
      'on', r.name, 'name', w.rulename, 'enabled', w.ev_enabled,
      'definition', case when w.rulename <> '_RETURN' then pg_get_ruledef(w.oid) end`)}
    from pg_rewrite w join relation r on r.oid = w.ev_class`,

  policy: `${schemas}
    select ${fact(`
      'on', r.name, 'name', p.polname, 'command', p.polcmd, 'permissive', p.polpermissive,
      'roles', array(select coalesce(nullif(role, 0)::regrole::text, 'public') from unnest(p.polroles) as role order by 1),
      'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid)`)}
    from pg_policy p join relation r on r.oid = p.polrelid`,

  routine: `${schemas}
    select ${fact(`
      'name', r.name, 'owner', r.proowner::regrole, 'acl', ${acl('r.proacl', "'f'", 'r.proowner')},
      'definition', case when r.prokind in ('f', 'p') then pg_get_functiondef(r.oid) end`)}
    from routine r`,

  statistics: `${schemas}
    select ${fact(`
      'name', format('%I.%I', schema.nspname, s.stxname), 'owner', s.stxowner::regrole,
      'definition', pg_get_statisticsobjdef(s.oid), 'target', coalesce(s.stxstattarget, -1)`)}
    from pg_statistic_ext s join schema on schema.oid = s.stxnamespace`,

  publication: `${schemas}
    select ${fact(`
      'name', p.pubname, 'of', r.name,
      'columns', array(select a.attname from pg_attribute a
                       where a.attrelid = r.oid and a.attnum::text = any(string_to_array(translate(to_jsonb(m) ->> 'prattrs', '[],', ''), ' '))
                       order by a.attname),
      'filter', regexp_replace(to_jsonb(m) ->> 'prqual', ':(location|funcformat) -?\\d+', '', 'g')`)}
    from pg_publication_rel m join pg_publication p on p.oid = m.prpubid join relation r on r.oid = m.prrelid`,

  sequence: `${schemas}
    select ${fact(`
      'name', r.name, 'type', s.seqtypid::regtype, 'start', s.seqstart, 'step', s.seqincrement, 'max', s.seqmax,
      'min', s.seqmin, 'cache', s.seqcache, 'cycles', s.seqcycle,
      'owned', (select format('%s %s %s', d.deptype, d.refobjid::regclass, a.attname)
                from pg_depend d join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
                where d.classid = 'pg_class'::regclass and d.objid = r.oid and d.deptype in ('a', 'i'))`)}
    from pg_sequence s join relation r on r.oid = s.seqrelid`,

  inheritance: `${schemas}
    select ${fact(`'child', i.inhrelid::regclass, 'parent', i.inhparent::regclass, 'place', i.inhseqno`)}
    from pg_inherits i join relation r on r.oid = i.inhrelid`,

  type: `${schemas}
    select ${fact(`
      'name', t.oid::regtype, 'kind', t.typtype, 'owner', t.typowner::regrole, 'acl', ${acl('t.typacl', "'T'", 't.typowner')},
      'base', nullif(t.typbasetype, 0)::regtype, 'default', t.typdefault,
      'labels', array(select e.enumlabel from pg_enum e where e.enumtypid = t.oid order by e.enumsortorder)`)}
    from pg_type t join schema on schema.oid = t.typnamespace`,

  'default privileges': `${schemas}
    select ${fact(`'role', d.defaclrole::regrole, 'schema', schema.nspname, 'kind', d.defaclobjtype, 'acl', d.defaclacl::text`)}
    from pg_default_acl d left join schema on schema.oid = d.defaclnamespace
    where d.defaclnamespace = 0 or schema.oid is not null`,

  // Whatever anything says about anything but duro's own.
  comment: `${schemas}
    select ${fact(`'on', o.type, 'name', o.identity, 'comment', d.description`)}
    from pg_description d, pg_identify_object(d.classoid, d.objoid, d.objsubid) as o
    where d.objoid >= 16384 and d.description not like 'duro:%' and ${isOfUsers('o.identity')}`,

  label: `select ${fact(`'on', objtype, 'name', objname, 'provider', provider, 'label', label`)}
    from pg_seclabels where $1::text is not null`,

  // Who leans on whom, both ends by name: this is what shows a view that still reads an old version.
  dependency: `${schemas}
    select ${fact(`
      'of', pg_describe_object(d.classid, d.objid, d.objsubid),
      'on', pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid), 'kind', d.deptype`)}
    from (select distinct classid, objid, objsubid, refclassid, refobjid, refobjsubid, deptype from pg_depend
          where objid >= 16384 and refobjid >= 16384) d,
         pg_identify_object(d.classid, d.objid, d.objsubid) as o,
         pg_identify_object(d.refclassid, d.refobjid, d.refobjsubid) as r
    where d.classid not in ('pg_namespace'::regclass, 'pg_constraint'::regclass)
      and o.identity !~ '^pg_toast|ConstraintTrigger_' and r.identity !~ '^pg_toast'
      and ${isOfUsers('o.identity')}`,
}
