/** Where an object of a catalog keeps what it reads, as SQL. */
const trees = {
  pg_rewrite: 'concat(ev_qual, ev_action)',
  pg_policy: 'concat(polqual, polwithcheck)',
  pg_proc: 'prosqlbody::text',
  // Its condition reads no other table; a constraint trigger may name one.
  pg_trigger: "concat(tgqual, format(':relid %s ', tgconstrrelid))",
}

/**
 * What keeps duro's role from writing an object anew, as SQL: a relation or a routine that its definition names in
 * a schema which the role may not use. What only casts is not named, and neither is a composite type, or a table whose
 * rows a function returns: an object depends on their columns as on those that it reads, and only its tree tells them
 * apart; any constant of type regclass in it may be the name. Null where there is none. `{"because": "it reads a.b", "remedy": "grant …"}`
 * @param id of its row in the catalog, as SQL
 */
export const lackOfSchemas = (catalog: keyof typeof trees, id: string): string => `(
  select json_build_object(
    'because', format('it %s %s', named.does, named.name),
    'remedy', format('grant usage on schema %s to %I', named.schema::regnamespace, current_user))
  from (
    select distinct refclassid, refobjid from pg_depend
    where classid = '${catalog}'::regclass and objid = ${id} and refclassid in ('pg_class'::regclass, 'pg_proc'::regclass)
  ) as d
  cross join lateral (
    select 'reads' as does, c.oid::regclass::text as name, c.relnamespace as schema
    from pg_class c where d.refclassid = 'pg_class'::regclass and c.oid = d.refobjid
      and not has_schema_privilege(c.relnamespace, 'usage')
      and (select ${trees[catalog]} from ${catalog} where oid = ${id})
        ~ format(':relid %s |:consttype %s ', c.oid, 'regclass'::regtype::oid)
    union all
    select 'calls', p.oid::regprocedure::text, p.pronamespace
    from pg_proc p where d.refclassid = 'pg_proc'::regclass and p.oid = d.refobjid
      and not has_schema_privilege(p.pronamespace, 'usage')
      and not exists (select from pg_cast where castfunc = p.oid)
  ) as named
  order by named.schema::regnamespace::text, named.name limit 1)`
