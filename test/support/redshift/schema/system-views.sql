create view redshift_stand_in.svv_relation_privileges as
  select n.nspname::text as namespace_name, c.relname::text as relation_name, a.privilege_type,
    a.grantee::bigint as identity_id, coalesce(r.rolname::text, 'public') as identity_name,
    case when r.oid is null then 'public' when r.rolcanlogin then 'user' else coalesce(i.kind, 'group') end as identity_type,
    a.is_grantable as admin_option
  from redshift_stand_in.pg_class c
  join redshift_stand_in.pg_namespace n on n.oid = c.relnamespace
  cross join lateral aclexplode(c.relacl) a
  left join pg_roles r on r.oid = a.grantee
  left join redshift_stand_in.identities i on i.name = r.rolname
  where a.privilege_type <> 'MAINTAIN';

create view redshift_stand_in.svv_schema_privileges as
  select n.nspname::text as namespace_name, a.privilege_type, a.grantee::bigint as identity_id,
    coalesce(r.rolname::text, 'public') as identity_name,
    case when r.oid is null then 'public' when r.rolcanlogin then 'user' else coalesce(i.kind, 'group') end as identity_type,
    a.is_grantable as admin_option
  from redshift_stand_in.pg_namespace n
  cross join lateral aclexplode(n.nspacl) a
  left join pg_roles r on r.oid = a.grantee
  left join redshift_stand_in.identities i on i.name = r.rolname;

create view redshift_stand_in.pg_default_acl as
  select defaclrole as defacluser, defaclnamespace, defaclobjtype, defaclacl from pg_catalog.pg_default_acl;

create view redshift_stand_in.svv_default_privileges as
  select n.nspname::text as schema_name,
    case d.defaclobjtype when 'r' then 'RELATION' when 'f' then 'FUNCTION' else 'PROCEDURE' end as object_type,
    d.defaclrole::int as owner_id, o.rolname::text as owner_name, 'user'::text as owner_type, a.privilege_type,
    a.grantee::bigint as grantee_id, coalesce(r.rolname::text, 'public') as grantee_name,
    case when r.oid is null then 'public' when r.rolcanlogin then 'user' else coalesce(i.kind, 'group') end as grantee_type,
    a.is_grantable as admin_option
  from pg_catalog.pg_default_acl d
  join pg_roles o on o.oid = d.defaclrole
  left join redshift_stand_in.pg_namespace n on n.oid = d.defaclnamespace
  cross join lateral aclexplode(d.defaclacl) a
  left join pg_roles r on r.oid = a.grantee
  left join redshift_stand_in.identities i on i.name = r.rolname
  where a.privilege_type <> 'MAINTAIN';

create view redshift_stand_in.svv_tables as
  select current_database()::text as table_catalog, n.nspname::text as table_schema, c.relname::text as table_name,
    case c.relkind when 'r' then 'BASE TABLE' else 'VIEW' end as table_type, obj_description(c.oid, 'pg_class') as remarks
  from redshift_stand_in.pg_class c join redshift_stand_in.pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'v') and has_table_privilege(c.oid, 'select');

create view redshift_stand_in.svv_columns as
  select current_database()::text as table_catalog, n.nspname::text as table_schema, c.relname::text as table_name,
    a.attname::text as column_name, a.attnum::int as ordinal_position, pg_get_expr(d.adbin, d.adrelid) as column_default,
    case when a.attnotnull then 'NO' else 'YES' end as is_nullable,
    case when a.atttypid = 'redshift_stand_in.super'::regtype then 'super' else format_type(a.atttypid, null) end as data_type,
    information_schema._pg_char_max_length(a.atttypid, a.atttypmod)::int as character_maximum_length,
    information_schema._pg_numeric_precision(a.atttypid, a.atttypmod)::int as numeric_precision,
    information_schema._pg_numeric_precision_radix(a.atttypid, a.atttypmod)::int as numeric_precision_radix,
    information_schema._pg_numeric_scale(a.atttypid, a.atttypmod)::int as numeric_scale,
    information_schema._pg_datetime_precision(a.atttypid, a.atttypmod)::int as datetime_precision,
    col_description(c.oid, a.attnum) as remarks
  from redshift_stand_in.pg_class c
  join redshift_stand_in.pg_namespace n on n.oid = c.relnamespace
  join redshift_stand_in.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where c.relkind in ('r', 'v') and has_table_privilege(c.oid, 'select');

create function redshift_stand_in.count_rows(relation oid) returns bigint
language plpgsql security definer set search_path = pg_catalog set lock_timeout = '50ms' as $$
declare
  counted bigint;
begin
  execute format('select count(*) from %s', relation::regclass) into counted;
  return counted;
exception when lock_not_available then
  return (select reltuples::bigint from pg_class where oid = relation);
end $$;

create view redshift_stand_in.svv_table_info as
  select current_database()::text as database, n.nspname::text as schema, c.oid as table_id, c.relname::text as "table",
    'N'::text as encoded,
    case t.diststyle
      when 'key' then format('KEY(%s)', (select attname from redshift_stand_in.pg_attribute a where a.attrelid = c.oid and a.attisdistkey))
      when 'auto' then 'AUTO(ALL)'
      else upper(coalesce(t.diststyle, 'even'))
    end as diststyle,
    coalesce((select attname::text from redshift_stand_in.pg_attribute a where a.attrelid = c.oid and a.attsortkeyord = 1),
      case when t.sort_style = 'auto' then 'AUTO(SORTKEY)' end) as sortkey1,
    coalesce(cardinality(t.sortkey), 0) as sortkey_num,
    greatest(1, pg_table_size(c.oid) / 1048576) as size,
    s.counted::numeric(38, 0) as tbl_rows, s.counted::numeric(38, 0) as estimated_visible_rows,
    0::numeric(5, 2) as unsorted, 0::numeric(5, 2) as stats_off
  from redshift_stand_in.pg_class c
  join redshift_stand_in.pg_namespace n on n.oid = c.relnamespace
  left join redshift_stand_in.table_attributes t on t.relation = c.oid
  cross join lateral (select redshift_stand_in.count_rows(c.oid) as counted) s
  where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema') and s.counted > 0;

create view redshift_stand_in.stv_mv_info as
  select current_database()::text as db_name, n.nspname::text as schema, c.relname::text as name,
    pg_get_userbyid(c.relowner)::text as owner_user_name, 'f'::char(1) as is_stale,
    redshift_stand_in.materialized_view_state(c.oid) as state, 'f'::char(1) as autorewrite, 'f'::char(1) as autorefresh
  from pg_catalog.pg_class c join redshift_stand_in.pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'm';

create view redshift_stand_in.svv_mv_info as
  select db_name as database_name, schema as schema_name, owner_user_name as user_name, name, is_stale, state,
    autorewrite, autorefresh
  from redshift_stand_in.stv_mv_info;

-- What native materialized views read, by names.
create view redshift_stand_in.stv_mv_deps as
  select current_database()::text as db_name, n.nspname::text as schema, c.relname::text as name,
    bn.nspname::text as ref_schema, redshift_stand_in.full_name(b.base_name) as ref_name,
    current_database()::text as ref_database_name
  from redshift_stand_in.materialized_view_bases b
  join pg_catalog.pg_class c on c.oid = b.view
  join redshift_stand_in.pg_namespace n on n.oid = c.relnamespace
  left join redshift_stand_in.pg_namespace bn on bn.oid = b.base_schema;

create view redshift_stand_in.stv_sessions as
  select backend_start at time zone 'utc' as starttime, pid as process, usename::text as user_name, datname::text as db_name
  from pg_catalog.pg_stat_activity where backend_type = 'client backend';

create view redshift_stand_in.sys_session_history as
  select usesysid::text::char(50) as user_id, pid as session_id, datname::text::char(50) as database_name,
    'active'::char(10) as status, 0 as session_timeout, backend_start at time zone 'utc' as start_time,
    null::timestamp as end_time
  from pg_catalog.pg_stat_activity where backend_type = 'client backend';

create view redshift_stand_in.stv_recents as
  select usesysid::int as userid, case when state = 'active' then 'Running' else 'Done' end as status,
    query_start at time zone 'utc' as starttime, usename::text as user_name, datname::text as db_name, query, pid
  from pg_catalog.pg_stat_activity where backend_type = 'client backend';

create view redshift_stand_in.svv_transactions as
  select a.usename::text as txn_owner, a.datname::text as txn_db, a.pid::bigint as xid, a.pid,
    a.xact_start at time zone 'utc' as txn_start, l.mode as lock_mode, l.locktype as lockable_object_type,
    l.relation::int as relation, l.granted
  from pg_catalog.pg_stat_activity a join pg_catalog.pg_locks l on l.pid = a.pid
  where a.xact_start is not null and a.backend_type = 'client backend';

create view redshift_stand_in.sys_load_error_detail as
  select 100 as user_id, id::bigint as query_id, id::bigint as transaction_id, session as session_id, database_name,
    coalesce(to_regclass(table_name)::oid::int, 0) as table_id, happened as start_time, file_name, line_number,
    column_name, null::text as column_type, null::text as column_length, 0 as position, 1204 as error_code, error_message
  from redshift_stand_in.load_errors;

create view redshift_stand_in.stl_load_errors as
  select 100 as userid, 0 as slice, coalesce(to_regclass(table_name)::oid::int, 0) as tbl, happened as starttime, session,
    id as query, file_name as filename, line_number, column_name as colname, null::text as type, null::text as col_length,
    0 as position, raw_line, value as raw_field_value, 1204 as err_code, error_message as err_reason
  from redshift_stand_in.load_errors;

create view redshift_stand_in.information_schema_tables as
  select * from information_schema.tables where table_schema <> 'redshift_stand_in';
create view redshift_stand_in.information_schema_columns as
  select * from information_schema.columns where table_schema <> 'redshift_stand_in';
create view redshift_stand_in.information_schema_views as
  select * from information_schema.views where table_schema <> 'redshift_stand_in';
create view redshift_stand_in.information_schema_schemata as
  select * from information_schema.schemata where schema_name <> 'redshift_stand_in';

grant select on all tables in schema redshift_stand_in to public;
