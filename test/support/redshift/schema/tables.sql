create schema redshift_stand_in;
grant usage on schema redshift_stand_in to public;

-- How Redshift would keep each table, by column numbers; the entries of dropped tables stay.
create table redshift_stand_in.table_attributes (
  relation oid primary key,
  diststyle text not null,
  distkey smallint,
  sortkey smallint[] not null,
  sort_style text
);

-- Names that are too long for PostgreSQL, and the short ones that stand for them there.
create table redshift_stand_in.long_names (short name primary key, long text not null);

-- Roles that are made by `create role`; other roles that cannot log in are groups.
create table redshift_stand_in.identities (name name primary key, kind text not null);

create table redshift_stand_in.late_views (
  id int primary key,
  relation oid not null,
  -- Their names, as `(a, b)`, or empty.
  names text not null,
  query text not null,
  -- What `pg_get_viewdef` tells.
  definition text not null,
  -- As `a integer, b text`; null while they are unknown, because a table is missing.
  columns text
);

-- The tables of native materialized views, as they were called when it was made.
create table redshift_stand_in.materialized_view_bases (
  view oid not null,
  base oid not null,
  base_name name not null,
  base_schema oid not null
);

create table redshift_stand_in.load_errors (
  id int generated always as identity,
  session int,
  database_name text,
  table_name text,
  file_name text,
  line_number bigint,
  column_name text,
  value text,
  raw_line text,
  error_message text,
  happened timestamp not null default (statement_timestamp() at time zone 'utc')
);

grant select on all tables in schema redshift_stand_in to public;
