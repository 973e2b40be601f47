/** Something that hangs on a table or a view by name, and that a new version needs for itself. */
export interface OwnObject {
  /** Tells it from the others of the relation: `trigger audit`. */
  key: string
  /** The relation's columns that it uses. */
  columns: readonly string[]
  /** Locks what the rest of it would wait for, besides the relation itself. */
  lock: string | null
  /** Takes it from the relation that is still live, where it must not go with it; null where it may. */
  loosen: string | null
  /** Takes it from a version that is to get those of the live one instead; null where that keeps its own. */
  clear: Around | null
  /** Makes it for a version that needs it before it is live. */
  early: readonly Around[]
  /** Makes it for a version that is only tried, where nothing does so early. A rule may name live relations besides. */
  tried: readonly Around[]
  /** Whether it reads another view of the set, perhaps, whose old version could not be dropped before this one. */
  binds: boolean
  /** Makes it for whatever stands under the live name. */
  create: readonly string[]
  /** Run when all is published; what would hold locks for long. */
  afterwards: readonly string[]
}

/**
 * What decides who sees which rows: until the swap, when the new version gets all anew, views of the run read it with
 * the rights of their owners.
 * @param target quoted, with its schema
 */
export const earlyStatements = (target: string, live: { objects: readonly OwnObject[] } | null): string[] =>
  (live?.objects ?? []).flatMap(({ early }) => early.map((statement) => about(target, statement)))

/** A statement on both sides of the name of the relation that it is about. */
export type Around = readonly [before: string, after: string]

/** @param relation quoted, with its schema */
export const about = (relation: string, [before, after]: Around): string => before + relation + after

/** From pg_depend is known which columns each uses: asked once for all of them, as planning it takes time. */
const objects = (parts: readonly string[]): string => `(
  select coalesce(json_agg(o.object::jsonb || jsonb_build_object('columns', (
    select coalesce(json_agg(distinct a.attname), '[]'::json)
    from pg_depend d join pg_attribute a on a.attrelid = c.oid and a.attnum = d.refobjsubid and a.attnum > 0
    where d.classid = o.classid and d.objid = o.objid
      and d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid)) order by o.object->>'key'), '[]'::json)
  from (${parts.join('\n    union all\n')}) as o(object, classid, objid))`

interface Parts {
  key: string
  /** Its row of the catalog. */
  of: readonly [catalog: string, id: string]
  create: string
  afterwards?: string
  lock?: string
  loosen?: string
  clear?: string
  early?: string
  tried?: string
  binds?: string
}

const object = (parts: Parts): string => {
  const { key, of, create, lock = 'null', loosen = 'null', clear = 'null', binds = 'false', ...more } = parts
  const { early = "'[]'::json", tried = "'[]'::json", afterwards = "'[]'::json" } = more
  const [catalog, id] = of
  return `json_build_object(
    'key', ${key}, 'lock', ${lock}, 'loosen', ${loosen}, 'clear', ${clear},
    'early', ${early}, 'tried', ${tried}, 'binds', ${binds}, 'create', ${create}, 'afterwards', ${afterwards}),
    '${catalog}'::regclass::oid, ${id}`
}

/** A JSON list of texts, without those that are null. */
const texts = (...expressions: string[]): string =>
  `to_json(array_remove(array[${expressions.map((expression) => `(${expression})::text`).join(', ')}], null))`

const comment = (kind: string, name: string, id: string, catalog: string): string =>
  `'comment on ${kind} ' || quote_ident(${name}) || ' on ' || live.name || ' is ' || quote_literal(obj_description(${id}, '${catalog}'))`

/** A definition as the server prints it, on both sides of the name of its relation, as SQL that prints JSON. */
const aroundName = (definition: string): string => `(
  select json_build_array(left(d.text, d.head), substr(d.text, d.head + length(live.name) + 1))
  from (select ${definition} as text, strpos(${definition}, ' ON ' || live.name || ' ') + 3 as head) as d)`

/** What makes the row `p` of pg_policy, on both sides of the name of its relation, as SQL. */
const policy = {
  before: "format('create policy %I on ', p.polname)",
  after: `format(' as %s for %s to %s%s%s',
     case when p.polpermissive then 'permissive' else 'restrictive' end,
     case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
     (select string_agg(case when role = 0 then 'public' else quote_ident(pg_get_userbyid(role)) end, ', ')
      from unnest(p.polroles) as role),
     ' using (' || pg_get_expr(p.polqual, p.polrelid) || ')',
     ' with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')')`,
}

/** Whether an object, as SQL, reads another relation than its own. */
const readsAnother = (catalog: string, id: string): string =>
  `exists (
     select from pg_depend d where d.classid = '${catalog}'::regclass and d.objid = ${id}
       and d.refclassid in ('pg_class'::regclass, 'pg_type'::regclass) and d.refobjid <> c.oid)`

/**
 * The objects as SQL that prints JSON, for a row `c` of pg_class. Definitions are printed with live names, so they
 * are replayed after the relation has got its name.
 * @param version `server_version_num`
 */
export function ownObjects(version: number): string {
  const live = `(select format('%I.%I', n.nspname, c.relname) as name) as live`
  const rowFilter =
    version >= 150000
      ? `coalesce(' (' || (
           select string_agg(quote_ident(a.attname), ', ' order by a.attnum) from pg_attribute a
           where a.attrelid = c.oid and a.attnum = any(pr.prattrs::int2[])) || ')', '')
         || coalesce(' where (' || pg_get_expr(pr.prqual, c.oid) || ')', '')`
      : "''"
  return objects([
    `select ${object({
      key: "'trigger ' || t.tgname",
      of: ['pg_trigger', 't.oid'],
      create: texts(
        'pg_get_triggerdef(t.oid)',
        `case t.tgenabled when 'D' then format('alter table %s disable trigger %I', live.name, t.tgname)
              when 'R' then format('alter table %s enable replica trigger %I', live.name, t.tgname)
              when 'A' then format('alter table %s enable always trigger %I', live.name, t.tgname) end`,
        comment('trigger', 't.tgname', 't.oid', 'pg_trigger'),
      ),
      clear: "json_build_array(format('drop trigger %I on ', t.tgname), '')",
      tried: `json_build_array(${aroundName('pg_get_triggerdef(t.oid)')})`,
    })}
    from pg_trigger t, ${live} where t.tgrelid = c.oid and not t.tgisinternal`,
    `select ${object({
      key: "'rule ' || r.rulename",
      of: ['pg_rewrite', 'r.oid'],
      create: texts(
        "rtrim(pg_get_ruledef(r.oid), ';')",
        `case r.ev_enabled when 'D' then format('alter table %s disable rule %I', live.name, r.rulename)
              when 'R' then format('alter table %s enable replica rule %I', live.name, r.rulename)
              when 'A' then format('alter table %s enable always rule %I', live.name, r.rulename) end`,
        comment('rule', 'r.rulename', 'r.oid', 'pg_rewrite'),
      ),
      clear: "json_build_array(format('drop rule %I on ', r.rulename), '')",
      binds: readsAnother('pg_rewrite', 'r.oid'),
    })}
    from pg_rewrite r, ${live} where r.ev_class = c.oid and r.rulename <> '_RETURN'`,
    `select ${object({
      key: "'policy ' || p.polname",
      of: ['pg_policy', 'p.oid'],
      create: texts(
        `${policy.before} || live.name || ${policy.after}`,
        comment('policy', 'p.polname', 'p.oid', 'pg_policy'),
      ),
      // All or none: without a restrictive one the others would show more. Without any, nobody sees a row.
      clear: "json_build_array(format('drop policy %I on ', p.polname), '')",
      early: `json_build_array(json_build_array(${policy.before}, ${policy.after}))`,
      binds: `exists (select from pg_policy o where o.polrelid = c.oid and ${readsAnother('pg_policy', 'o.oid')})`,
    })}
    from pg_policy p, ${live} where p.polrelid = c.oid`,
    `select ${object({
      key: "'row level security'",
      of: ['pg_class', 'c.oid'],
      create: texts(
        `case when c.relrowsecurity then 'alter table ' || live.name || ' enable row level security' end`,
        `case when c.relforcerowsecurity then 'alter table ' || live.name || ' force row level security' end`,
      ),
      clear: "json_build_array('alter table ', ' disable row level security, no force row level security')",
      early: `(select json_agg(json_build_array('alter table ', flag)) from unnest(array[
        case when c.relrowsecurity then ' enable row level security' end,
        case when c.relforcerowsecurity then ' force row level security' end]) as flag where flag is not null)`,
    })}
    from ${live} where c.relrowsecurity or c.relforcerowsecurity`,
    `select ${object({
      key: "'foreign key ' || k.conname",
      of: ['pg_constraint', 'k.oid'],
      // Its triggers stand on the other table too; a version that nobody reads must not hold that table's rows.
      lock: `case when has_table_privilege(k.confrelid, 'update') or has_table_privilege(k.confrelid, 'truncate')
                  then format('lock table only %s in access exclusive mode', k.confrelid::regclass) end`,
      loosen: "format('alter table %s drop constraint %I', live.name, k.conname)",
      create: texts(
        `format('alter table %s add constraint %I %s not valid', live.name, k.conname,
           regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', ''))`,
        comment('constraint', 'k.conname', 'k.oid', 'pg_constraint'),
      ),
      afterwards: texts(
        `case when k.convalidated then format('alter table %s validate constraint %I', live.name, k.conname) end`,
      ),
    })}
    from pg_constraint k, ${live} where k.conrelid = c.oid and k.contype = 'f' and k.conparentid = 0`,
    `select ${object({
      key: "'publication ' || p.pubname",
      of: ['pg_publication_rel', 'pr.oid'],
      create: texts(`format('alter publication %I add table only %s%s', p.pubname, live.name, ${rowFilter})`),
      loosen: "format('alter publication %I drop table only %s', p.pubname, live.name)",
    })}
    from pg_publication_rel pr join pg_publication p on p.oid = pr.prpubid, ${live} where pr.prrelid = c.oid`,
    `select ${object({
      key: "'sequence ' || s.oid::regclass",
      of: ['pg_class', 's.oid'],
      create: texts(`format('alter sequence %s owned by %s.%I', s.oid::regclass, live.name, a.attname)`),
      // one that is owned moves with its table
      loosen: "format('alter sequence %s owned by none', s.oid::regclass)",
    })}
    from pg_depend d
    join pg_class s on s.oid = d.objid and s.relkind = 'S'
    join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid, ${live}
    where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass
      and d.refobjid = c.oid and d.deptype = 'a'`,
  ])
}
