create view redshift_stand_in.pg_namespace as
  select oid, nspname, nspowner, nspacl from pg_catalog.pg_namespace where nspname <> 'redshift_stand_in';

-- Without indexes and the stand-in's own relations; native materialized views look like views there.
create view redshift_stand_in.pg_class as
  select c.oid, c.relname, c.relnamespace, c.reltype, c.relowner, c.relam, c.relfilenode, c.reltablespace, c.relpages,
    c.reltuples, c.reltoastrelid, 0::oid as reltoastidxid, c.relhasindex, c.relisshared,
    case c.relkind when 'm' then 'v' else c.relkind end as relkind, c.relnatts, 0::smallint as relchecks,
    0::smallint as reltriggers, 0::smallint as relukeys, 0::smallint as relfkeys, 0::smallint as relrefs,
    true as relhasoids, false as relhaspkey, c.relhasrules, c.relhassubclass, c.relacl,
    case t.diststyle when 'even' then 0 when 'key' then 1 when 'all' then 8 when 'auto' then 9 else 0 end::smallint
      as reldiststyle
  from pg_catalog.pg_class c
  left join redshift_stand_in.table_attributes t on t.relation = c.oid
  where c.relnamespace <> 'redshift_stand_in'::regnamespace and c.relkind in ('r', 'v', 'm', 'c');

create view redshift_stand_in.pg_attribute as
  select a.attrelid, a.attname, a.atttypid, a.attlen, a.attnum, a.attndims, a.atttypmod, a.attbyval, a.attstorage,
    a.attalign, a.attnotnull, a.atthasdef, a.attisdropped, a.attislocal, a.attinhcount,
    coalesce(a.attname = t.distkey, false) as attisdistkey,
    (coalesce(array_position(t.sortkey, a.attname), 0)
      * case when t.sort_style = 'interleaved' and array_position(t.sortkey, a.attname) % 2 = 0 then -1 else 1 end)::int
      as attsortkeyord
  from pg_catalog.pg_attribute a
  left join redshift_stand_in.table_attributes t on t.relation = a.attrelid;

create view redshift_stand_in.pg_class_info as
  select c.oid as reloid, c.relname, c.relnamespace, c.reltype, c.relowner, c.relam, c.relfilenode, c.reltablespace,
    c.relpages, c.reltuples, c.relkind, c.relnatts, c.relacl, c.reldiststyle,
    case when t.diststyle = 'auto' then 10 else c.reldiststyle end::int as releffectivediststyle,
    null::timestamp as relcreationtime
  from redshift_stand_in.pg_class c
  left join redshift_stand_in.table_attributes t on t.relation = c.oid;

grant select on all tables in schema redshift_stand_in to public;
