create function redshift_stand_in.full_name(short name) returns text language sql stable as $$
  select coalesce((select long from redshift_stand_in.long_names l where l.short = full_name.short), short::text)
$$;

create view redshift_stand_in.pg_namespace as
  select oid, redshift_stand_in.full_name(nspname)::varchar(127) as nspname, nspowner, nspacl
  from pg_catalog.pg_namespace where nspname <> 'redshift_stand_in';

-- Without indexes, sequences and the stand-in's own; native materialized views look like views there.
create view redshift_stand_in.pg_class as
  select c.oid, redshift_stand_in.full_name(c.relname)::varchar(127) as relname, c.relnamespace, c.reltype, c.relowner,
    c.relam, c.relfilenode, c.reltablespace, c.relpages, c.reltuples, c.reltoastrelid, 0::oid as reltoastidxid,
    c.relhasindex, c.relisshared, case c.relkind when 'm' then 'v' else c.relkind end as relkind, c.relnatts,
    0::smallint as relchecks, 0::smallint as reltriggers, 0::smallint as relukeys, 0::smallint as relfkeys,
    0::smallint as relrefs, true as relhasoids, false as relhaspkey, c.relhasrules, c.relhassubclass, c.relacl,
    case t.diststyle when 'key' then 1 when 'all' then 8 when 'auto' then 9 else 0 end::smallint as reldiststyle
  from pg_catalog.pg_class c
  left join redshift_stand_in.table_attributes t on t.relation = c.oid
  where c.relnamespace <> 'redshift_stand_in'::regnamespace and c.relkind in ('r', 'v', 'm', 'c');

create view redshift_stand_in.pg_attribute as
  select a.attrelid, redshift_stand_in.full_name(a.attname)::varchar(127) as attname, a.atttypid, a.attlen, a.attnum,
    a.attndims, a.atttypmod, a.attbyval, a.attstorage, a.attalign, a.attnotnull, a.atthasdef, a.attisdropped,
    a.attislocal, a.attinhcount, coalesce(a.attnum = t.distkey, false) as attisdistkey,
    -- Of interleaved keys every second one is negative.
    (coalesce(array_position(t.sortkey, a.attnum), 0)
      * case when t.sort_style = 'interleaved' and array_position(t.sortkey, a.attnum) % 2 = 0 then -1 else 1 end)::int
      as attsortkeyord
  from pg_catalog.pg_attribute a
  left join redshift_stand_in.table_attributes t on t.relation = a.attrelid;

create view redshift_stand_in.pg_class_info as
  select c.oid as reloid, c.relname, c.relnamespace, c.reltype, c.relowner, c.relam, c.relfilenode, c.reltablespace,
    c.relpages, c.reltuples, c.relkind, c.relnatts, c.relacl, c.reldiststyle,
    -- 10 and 11: left to Redshift, which took `all` or `even`.
    case when t.diststyle = 'auto' then 10 else c.reldiststyle end::int as releffectivediststyle,
    null::timestamp as relcreationtime
  from redshift_stand_in.pg_class c
  left join redshift_stand_in.table_attributes t on t.relation = c.oid;

create view redshift_stand_in.pg_tables as
  select n.nspname as schemaname, c.relname as tablename, pg_get_userbyid(c.relowner) as tableowner,
    null::name as tablespace, false as hasindexes, false as hasrules, false as hastriggers
  from redshift_stand_in.pg_class c join redshift_stand_in.pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'r';

create view redshift_stand_in.pg_views as
  select n.nspname as schemaname, c.relname as viewname, pg_get_userbyid(c.relowner) as viewowner,
    redshift_stand_in.pg_get_viewdef(c.oid) as definition
  from redshift_stand_in.pg_class c join redshift_stand_in.pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'v';

create view redshift_stand_in.pg_table_def as
  select n.nspname as schemaname, c.relname as tablename, a.attname as "column", format_type(a.atttypid, a.atttypmod) as type,
    'none'::text as encoding, a.attisdistkey as distkey, a.attsortkeyord as sortkey, a.attnotnull as notnull
  from redshift_stand_in.pg_class c
  join redshift_stand_in.pg_namespace n on n.oid = c.relnamespace
  join redshift_stand_in.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where c.relkind = 'r' and n.nspname = any (current_schemas(true));

create view redshift_stand_in.pg_stat_activity as
  select datid, datname, pid as procpid, usesysid, usename, query as current_query,
    query_start at time zone 'utc' as query_start
  from pg_catalog.pg_stat_activity where backend_type = 'client backend';
