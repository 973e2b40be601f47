create schema redshift_stand_in;
grant usage on schema redshift_stand_in to public;

-- How Redshift would keep each table; those of dropped tables stay, their object ids do not come again.
create table redshift_stand_in.table_attributes (
  relation oid primary key,
  diststyle text not null,
  distkey name,
  sortkey name[] not null,
  sort_style text
);
grant select on redshift_stand_in.table_attributes to public;
