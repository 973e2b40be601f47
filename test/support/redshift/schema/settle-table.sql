create function redshift_stand_in.column_number(relation regclass, wanted text, key text) returns smallint
language plpgsql stable set search_path = pg_catalog as $$
declare
  found_number smallint;
begin
  if wanted is null then return null; end if;
  select attnum into found_number from pg_attribute
  where attrelid = relation and attnum > 0 and not attisdropped and attname = wanted;
  if found_number is null then
    raise exception using errcode = '42703', message = format('column "%s" named in %s does not exist', wanted, key);
  end if;
  return found_number;
end $$;

-- Called after a table was made: writes down its attributes, gives texts Redshift's length and counts it in bytes.
create function redshift_stand_in.settle_table(made regclass, attributes jsonb, kind text) returns void
language plpgsql security definer set search_path = pg_catalog as $$
begin
  -- `if not exists` may have made nothing.
  if exists (select from redshift_stand_in.table_attributes where relation = made) then return; end if;
  if attributes ->> 'diststyle' = 'key' and attributes ->> 'distkey' is null then
    raise exception using errcode = '42601', message = 'DISTSTYLE KEY requires a DISTKEY';
  end if;
  if attributes ->> 'distkey' is not null and attributes ->> 'diststyle' <> 'key' then
    raise exception using errcode = '42601',
      message = format('cannot specify DISTKEY with DISTSTYLE %s', upper(attributes ->> 'diststyle'));
  end if;
  insert into redshift_stand_in.table_attributes (relation, diststyle, distkey, sortkey, sort_style)
  values (
    made,
    coalesce(attributes ->> 'diststyle', case when attributes ->> 'distkey' is null then 'auto' else 'key' end),
    redshift_stand_in.column_number(made, attributes ->> 'distkey', 'distkey'),
    array(
      select redshift_stand_in.column_number(made, k, 'sortkey')
      from jsonb_array_elements_text(attributes -> 'sortkey') with ordinality as key(k, n) order by n
    ),
    attributes ->> 'sortStyle'
  );
  perform redshift_stand_in.limit_texts(made, case kind when 'as' then 65535 else 256 end);
  if kind = 'as' then execute format('analyze %s', made); end if;
  perform redshift_stand_in.settle_late_views();
end $$;

-- PostgreSQL counts the length of a varchar in characters, Redshift in bytes.
create function redshift_stand_in.limit_texts(changed regclass, default_length int) returns void
language plpgsql security definer set search_path = pg_catalog as $$
declare
  described record;
  outdated record;
begin
  for described in
    select a.attname, a.attnum, a.atttypmod, a.atttypid,
      case when a.atttypmod > 4 then a.atttypmod - 4 else default_length end as length
    from pg_attribute a
    where a.attrelid = changed and a.attnum > 0 and not a.attisdropped
      and a.atttypid in ('text'::regtype, 'varchar'::regtype, 'unknown'::regtype)
  loop
    if described.atttypmod = -1 then
      execute format('alter table %s alter column %I type varchar(%s)', changed, described.attname, described.length);
    end if;
    for outdated in
      select conname from pg_constraint
      where conrelid = changed and conname ~ format('^redshift_stand_in_bytes_\d+_%s$', described.attnum)
        and conname <> format('redshift_stand_in_bytes_%s_%s', described.length, described.attnum)
    loop
      execute format('alter table %s drop constraint %I', changed, outdated.conname);
    end loop;
    if not exists (
      select from pg_constraint
      where conrelid = changed and conname = format('redshift_stand_in_bytes_%s_%s', described.length, described.attnum)
    ) then
      execute format('alter table %s add constraint redshift_stand_in_bytes_%s_%s check (octet_length(%I) <= %s)',
        changed, described.length, described.attnum, described.attname, described.length);
    end if;
  end loop;
end $$;

create function redshift_stand_in.check_owner(relation regclass) returns void
language plpgsql set search_path = pg_catalog as $$
begin
  if not (select pg_has_role(session_user, relowner, 'usage') from pg_class where oid = relation) then
    raise exception using errcode = '42501', message = format('must be owner of relation %s', relation);
  end if;
end $$;

create function redshift_stand_in.check_alterable(relation regclass) returns void
language plpgsql set search_path = pg_catalog as $$
begin
  if (select relkind from pg_class where oid = relation) = 'm' then
    raise exception using errcode = '0A000', message = format('cannot alter materialized view "%s"', relation);
  end if;
end $$;

create function redshift_stand_in.check_table(relation regclass) returns void
language plpgsql set search_path = pg_catalog as $$
begin
  if (select relkind from pg_class where oid = relation) <> 'r' then
    raise exception using errcode = '42809', message = format('"%s" is not a table', relation);
  end if;
end $$;

create function redshift_stand_in.alter_attributes(changed regclass, attributes jsonb) returns void
language plpgsql security definer set search_path = pg_catalog as $$
begin
  perform redshift_stand_in.check_owner(changed);
  insert into redshift_stand_in.table_attributes (relation, diststyle, sortkey) values (changed, 'auto', '{}')
  on conflict do nothing;
  if attributes ? 'diststyle' then
    update redshift_stand_in.table_attributes
    set diststyle = attributes ->> 'diststyle',
      distkey = redshift_stand_in.column_number(changed, attributes ->> 'distkey', 'distkey')
    where relation = changed;
  end if;
  if attributes ? 'sortkey' then
    update redshift_stand_in.table_attributes
    set sort_style = attributes ->> 'sortStyle',
      sortkey = array(
        select redshift_stand_in.column_number(changed, k, 'sortkey')
        from jsonb_array_elements_text(attributes -> 'sortkey') with ordinality as key(k, n) order by n
      )
    where relation = changed;
  end if;
end $$;

create function redshift_stand_in.inherit_attributes(made regclass, source regclass) returns void
language sql security definer set search_path = pg_catalog as $$
  update redshift_stand_in.table_attributes t
  set diststyle = s.diststyle, distkey = s.distkey, sortkey = s.sortkey, sort_style = s.sort_style
  from redshift_stand_in.table_attributes s
  where t.relation = made and s.relation = source
$$;

create function redshift_stand_in.settle_identity(made name, made_kind text) returns void
language sql security definer set search_path = pg_catalog as $$
  insert into redshift_stand_in.identities (name, kind) values (made, made_kind)
  on conflict (name) do update set kind = excluded.kind
$$;
