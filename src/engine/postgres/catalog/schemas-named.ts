/**
 * What keeps duro's role from writing an object anew, as SQL: a relation or a routine that its definition names in
 * a schema which the role may not use. What only casts is not named. Null where there is none. `{"because": "it reads a.b", "remedy": "grant …"}`
 * @param id of its row in the catalog, as SQL
 */
export const lackOfSchemas = (catalog: string, id: string): string => `(
  select json_build_object(
    'because', format('it %s %s', named.does, named.name),
    'remedy', format('grant usage on schema %s to %I', named.schema::regnamespace, current_user))
  from pg_depend d
  cross join lateral (
    select 'reads' as does, c.oid::regclass::text as name, c.relnamespace as schema
    from pg_class c where d.refclassid = 'pg_class'::regclass and c.oid = d.refobjid
    union all
    select 'calls', p.oid::regprocedure::text, p.pronamespace
    from pg_proc p where d.refclassid = 'pg_proc'::regclass and p.oid = d.refobjid
      and not exists (select from pg_cast where castfunc = p.oid)
  ) as named
  where d.classid = '${catalog}'::regclass and d.objid = ${id} and not has_schema_privilege(named.schema, 'usage')
  order by named.schema::regnamespace::text, named.name limit 1)`
