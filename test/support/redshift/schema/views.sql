-- A late-binding view is a view on a function that runs its text, so that it depends on no table.
create function redshift_stand_in.late_rows(wanted int) returns setof record language plpgsql as $$
begin
  return query execute (select query from redshift_stand_in.late_views where id = wanted);
end $$;

-- The columns of a query, as `a integer, b text`; null where a relation or a column is missing.
create function redshift_stand_in.columns_of(names text, query text) returns text language plpgsql as $$
declare
  described text;
begin
  execute format('create temporary view redshift_stand_in_probe %s as %s', names, query);
  select string_agg(format('%I %s', attname, format_type(atttypid, atttypmod)), ', ' order by attnum) into described
  from pg_attribute where attrelid = 'pg_temp.redshift_stand_in_probe'::regclass and attnum > 0;
  drop view pg_temp.redshift_stand_in_probe;
  return described;
exception when undefined_table or undefined_column or invalid_schema_name or lock_not_available then
  return null;
end $$;

create function redshift_stand_in.late_select(id int, columns text) returns text language sql immutable as $$
  select case when columns is null then format('select from redshift_stand_in.late_rows(%s) as t(missing int)', id)
    else format('select * from redshift_stand_in.late_rows(%s) as t(%s)', id, columns) end
$$;

create function redshift_stand_in.create_late_view(
  schema text, view text, names text, query text, definition text, replaces boolean
) returns void language plpgsql as $$
declare
  address text := format('%I.%I', coalesce(nullif(schema, ''), current_schema()), view);
  existing oid := to_regclass(format('%I.%I', coalesce(nullif(schema, ''), current_schema()), view))::oid;
  columns text := redshift_stand_in.columns_of(names, query);
  id int := redshift_stand_in.next_late_view();
begin
  if replaces and existing is not null then
    perform redshift_stand_in.check_owner(existing::regclass);
    perform redshift_stand_in.remake_view(existing::regclass, redshift_stand_in.late_select(id, columns));
  else
    execute format('create view %s as %s', address, redshift_stand_in.late_select(id, columns));
  end if;
  perform redshift_stand_in.register_late_view(id, address::regclass::oid, names, query, definition, columns);
end $$;

create sequence redshift_stand_in.late_view_ids;

create function redshift_stand_in.next_late_view() returns int
language sql security definer set search_path = pg_catalog as $$
  select nextval('redshift_stand_in.late_view_ids')::int
$$;

create function redshift_stand_in.register_late_view(
  id int, relation oid, names text, query text, definition text, columns text
) returns void language sql security definer set search_path = pg_catalog as $$
  delete from redshift_stand_in.late_views l where l.relation = register_late_view.relation;
  insert into redshift_stand_in.late_views (id, relation, names, query, definition, columns)
  values (id, relation, names, query, definition, columns);
$$;

-- Other columns; the same name, owner, grants and comment. Views that are bound to it go with the old one.
create function redshift_stand_in.remake_view(view regclass, query text) returns oid
language plpgsql security definer set search_path = pg_catalog as $$
declare
  described record;
  made oid;
begin
  begin
    execute format('create or replace view %s as %s', view, query);
    return view::oid;
  exception when invalid_table_definition then
    null; -- PostgreSQL only adds columns
  end;
  select format('%I.%I', n.nspname, c.relname) as address, c.relowner::regrole::text as owner, c.relacl as acl,
    obj_description(c.oid, 'pg_class') as comment
  into described from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = view;
  execute format('drop view %s cascade', view);
  execute format('create view %s as %s', described.address, query);
  execute format('alter view %s owner to %s', described.address, described.owner);
  made := described.address::regclass::oid;
  update pg_class set relacl = described.acl where oid = made;
  if described.comment is not null then
    execute format('comment on view %s is %L', described.address, described.comment);
  end if;
  return made;
end $$;

-- Called after what can change the tables that late-binding views read. It waits for no lock: Redshift's catalog would not.
create function redshift_stand_in.settle_late_views() returns void
language plpgsql security definer set search_path = pg_catalog, public set lock_timeout = '50ms' as $$
declare
  late record;
  found_columns text;
begin
  for late in
    select l.* from redshift_stand_in.late_views l where exists (select from pg_class c where c.oid = l.relation) order by id
  loop
    found_columns := redshift_stand_in.columns_of(late.names, late.query);
    if found_columns is not null and found_columns is distinct from late.columns then
      update redshift_stand_in.late_views l
      set columns = found_columns,
        relation = redshift_stand_in.remake_view(late.relation::regclass, redshift_stand_in.late_select(late.id, found_columns))
      where l.id = late.id;
    end if;
  end loop;
end $$;

-- Redshift replaces a view only by one with the same columns.
create function redshift_stand_in.before_replace(view text) returns void language sql as $$
  select set_config('redshift_stand_in.columns',
    coalesce((select count(*)::text from pg_attribute where attrelid = to_regclass(view) and attnum > 0 having count(*) > 0), ''),
    false)
$$;
create function redshift_stand_in.after_replace(view regclass) returns void language plpgsql as $$
begin
  perform redshift_stand_in.forget_late_view(view::oid);
  if current_setting('redshift_stand_in.columns') <> '' and current_setting('redshift_stand_in.columns')
    <> (select count(*)::text from pg_attribute where attrelid = view and attnum > 0) then
    raise exception using errcode = '42P16', message = 'cannot change number of columns in view';
  end if;
end $$;
create function redshift_stand_in.forget_late_view(view oid) returns void
language sql security definer set search_path = pg_catalog as $$
  delete from redshift_stand_in.late_views where relation = view
$$;

create function redshift_stand_in.settle_materialized_view(view regclass) returns void
language sql security definer set search_path = pg_catalog as $$
  insert into redshift_stand_in.materialized_view_bases (view, base, base_name, base_schema)
  select distinct view::oid, c.oid, c.relname, c.relnamespace
  from pg_rewrite r
  join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid and d.refclassid = 'pg_class'::regclass
  join pg_class c on c.oid = d.refobjid
  where r.ev_class = view and c.oid <> view
$$;

-- 0: refreshed as a whole; 103, 105: cannot be refreshed, because a table or its schema was renamed.
create function redshift_stand_in.materialized_view_state(wanted oid) returns int language sql stable as $$
  select coalesce(max(case when c.relname <> b.base_name then 103 when c.relnamespace <> b.base_schema then 105 else 0 end), 0)
  from redshift_stand_in.materialized_view_bases b join pg_class c on c.oid = b.base
  where b.view = wanted
$$;

create function redshift_stand_in.check_refreshable(view regclass) returns void language plpgsql as $$
begin
  if redshift_stand_in.materialized_view_state(view) > 100 then
    raise exception using errcode = 'XX000',
      message = format('Materialized view %s is unrefreshable as a base table was renamed.', view);
  end if;
end $$;
