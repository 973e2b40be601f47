-- Called after a table was made: writes down its attributes, gives texts Redshift's length and counts it in bytes.
create function redshift_stand_in.settle_table(made regclass, attributes jsonb, kind text) returns void
language plpgsql security definer set search_path = pg_catalog as $$
declare
  described record;
  missing text;
begin
  select coalesce(attributes ->> 'distkey', '') into missing
  where attributes ->> 'distkey' is not null
    and not exists (select from pg_attribute where attrelid = made and attnum > 0 and attname = attributes ->> 'distkey');
  if missing is not null then
    raise exception using errcode = '42703', message = format('column "%s" named in distkey does not exist', missing);
  end if;
  select k into missing from jsonb_array_elements_text(attributes -> 'sortkey') as k
  where not exists (select from pg_attribute where attrelid = made and attnum > 0 and attname = k) limit 1;
  if missing is not null then
    raise exception using errcode = '42703', message = format('column "%s" named in sortkey does not exist', missing);
  end if;

  insert into redshift_stand_in.table_attributes (relation, diststyle, distkey, sortkey, sort_style)
  values (
    made,
    coalesce(attributes ->> 'diststyle', case when attributes ->> 'distkey' is null then 'auto' else 'key' end),
    attributes ->> 'distkey',
    array(select jsonb_array_elements_text(attributes -> 'sortkey')),
    attributes ->> 'sortStyle'
  );
  perform redshift_stand_in.limit_texts(made, case kind when 'as' then 65535 else 256 end);
  if kind = 'as' then execute format('analyze %s', made); end if;
end $$;

-- PostgreSQL counts the length of a varchar in characters, Redshift in bytes.
create function redshift_stand_in.limit_texts(changed regclass, default_length int) returns void
language plpgsql security definer set search_path = pg_catalog as $$
declare
  described record;
begin
  for described in
    select a.attname, a.attnum, a.atttypmod, a.atttypid,
      case when a.atttypmod > 4 then a.atttypmod - 4 else default_length end as length
    from pg_attribute a
    where a.attrelid = changed and a.attnum > 0 and not a.attisdropped
      and a.atttypid in ('text'::regtype, 'varchar'::regtype)
  loop
    if described.atttypmod = -1 or described.atttypid = 'text'::regtype then
      execute format('alter table %s alter column %I type varchar(%s)', changed, described.attname, described.length);
    end if;
    if not exists (
      select from pg_constraint
      where conrelid = changed and conname = format('redshift_stand_in_bytes_%s_%s', described.length, described.attnum)
    ) then
      execute format('alter table %s add constraint redshift_stand_in_bytes_%s_%s check (octet_length(%I) <= %s)',
        changed, described.length, described.attnum, described.attname, described.length);
    end if;
  end loop;
end $$;
