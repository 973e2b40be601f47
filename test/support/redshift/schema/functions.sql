create domain redshift_stand_in.super as jsonb;

create function redshift_stand_in.version() returns text language sql immutable as $$
  select 'PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), Redshift 1.0.99999'::text
$$;

-- The start of the statement, in UTC and without a time zone.
create function redshift_stand_in.getdate() returns timestamp language sql stable as $$
  select date_trunc('second', statement_timestamp() at time zone 'utc')
$$;

-- The start of the transaction.
create function redshift_stand_in.sysdate() returns timestamp language sql stable as $$
  select transaction_timestamp() at time zone 'utc'
$$;

create function redshift_stand_in.date_part_name(written text) returns text language plpgsql immutable as $$
declare
  part text := lower(written);
begin
  return case
    when part in ('year', 'years', 'y', 'yr', 'yrs') then 'year'
    when part in ('quarter', 'quarters', 'qtr', 'qtrs') then 'quarter'
    when part in ('month', 'months', 'mon', 'mons') then 'month'
    when part in ('week', 'weeks', 'w') then 'week'
    when part in ('day', 'days', 'd', 'dayofyear', 'doy', 'dy', 'yearday') then 'day'
    when part in ('hour', 'hours', 'h', 'hr', 'hrs') then 'hour'
    when part in ('minute', 'minutes', 'm', 'min', 'mins') then 'minute'
    when part in ('second', 'seconds', 's', 'sec', 'secs') then 'second'
    when part in ('millisecond', 'milliseconds', 'ms', 'msec', 'msecs', 'msecond', 'mseconds') then 'millisecond'
    when part in ('microsecond', 'microseconds', 'us', 'usec', 'usecs', 'microsec', 'microsecs', 'usecond', 'useconds')
      then 'microsecond'
    else null
  end;
end $$;

create function redshift_stand_in.known_date_part(written text) returns text language plpgsql immutable as $$
begin
  if redshift_stand_in.date_part_name(written) is null then
    raise exception using errcode = '22023', message = format('unsupported date part "%s"', written);
  end if;
  return redshift_stand_in.date_part_name(written);
end $$;

-- What begins as the last day of a month ends so.
create function redshift_stand_in.add_months(d timestamp, n bigint) returns timestamp language sql immutable as $$
  select case
    when d::date = (date_trunc('month', d) + interval '1 month - 1 day')::date
      then (date_trunc('month', d) + make_interval(months => n::int + 1) - interval '1 day')::date + d::time
    else d + make_interval(months => n::int)
  end
$$;

create function redshift_stand_in.dateadd(part text, n bigint, d timestamp) returns timestamp language sql immutable as $$
  select case redshift_stand_in.known_date_part(part)
    when 'year' then redshift_stand_in.add_months(d, 12 * n)
    when 'quarter' then redshift_stand_in.add_months(d, 3 * n)
    when 'month' then redshift_stand_in.add_months(d, n)
    else d + n * ('1 ' || redshift_stand_in.known_date_part(part))::interval
  end
$$;
create function redshift_stand_in.dateadd(part text, n bigint, d date) returns timestamp language sql immutable as $$
  select redshift_stand_in.dateadd(part, n, d::timestamp)
$$;
create function redshift_stand_in.dateadd(part text, n bigint, d timestamptz) returns timestamptz language sql stable as $$
  select redshift_stand_in.dateadd(part, n, d at time zone 'utc') at time zone 'utc'
$$;

-- Counts the boundaries between two times.
create function redshift_stand_in.datediff(part text, a timestamp, b timestamp) returns bigint language sql immutable as $$
  select (case redshift_stand_in.known_date_part(part)
    when 'year' then extract(year from b) - extract(year from a)
    when 'quarter' then 4 * (extract(year from b) - extract(year from a)) + extract(quarter from b) - extract(quarter from a)
    when 'month' then 12 * (extract(year from b) - extract(year from a)) + extract(month from b) - extract(month from a)
    when 'week' then (date_trunc('week', b)::date - date_trunc('week', a)::date) / 7
    when 'day' then b::date - a::date
    when 'hour' then floor(extract(epoch from b) / 3600) - floor(extract(epoch from a) / 3600)
    when 'minute' then floor(extract(epoch from b) / 60) - floor(extract(epoch from a) / 60)
    when 'second' then floor(extract(epoch from b)) - floor(extract(epoch from a))
    when 'millisecond' then floor(extract(epoch from b) * 1000) - floor(extract(epoch from a) * 1000)
    else extract(epoch from b) * 1000000 - extract(epoch from a) * 1000000
  end)::bigint
$$;
create function redshift_stand_in.datediff(part text, a timestamptz, b timestamptz) returns bigint language sql stable as $$
  select redshift_stand_in.datediff(part, a at time zone 'utc', b at time zone 'utc')
$$;

create function redshift_stand_in.last_day(d timestamp) returns date language sql immutable as $$
  select (date_trunc('month', d) + interval '1 month - 1 day')::date
$$;
create function redshift_stand_in.months_between(a timestamp, b timestamp) returns double precision language sql immutable as $$
  select (12 * (extract(year from a) - extract(year from b)) + extract(month from a) - extract(month from b)
    + (extract(day from a) - extract(day from b)) / 31)::double precision
$$;
create function redshift_stand_in.convert_timezone(target text, d timestamp) returns timestamp language sql immutable as $$
  select d at time zone 'utc' at time zone target
$$;
create function redshift_stand_in.convert_timezone(source text, target text, d timestamp) returns timestamp language sql immutable as $$
  select d at time zone source at time zone target
$$;
-- Redshift's trunc of a time is its date; of a number it is PostgreSQL's.
create function redshift_stand_in.trunc(d timestamp) returns date language sql immutable as $$ select d::date $$;
create function redshift_stand_in.trunc(n numeric) returns numeric language sql immutable as $$ select pg_catalog.trunc(n) $$;
create function redshift_stand_in.trunc(n double precision) returns double precision language sql immutable as $$ select pg_catalog.trunc(n) $$;
create function redshift_stand_in.trunc(n numeric, places int) returns numeric language sql immutable as $$ select pg_catalog.trunc(n, places) $$;

create function redshift_stand_in.len(s text) returns int language sql immutable as $$ select length(s) $$;
create function redshift_stand_in.charindex(part text, whole text) returns int language sql immutable as $$ select strpos(whole, part) $$;
create function redshift_stand_in.sha2(s text, bits int) returns text language sql immutable as $$
  select encode(case bits when 224 then sha224(convert_to(s, 'utf8')) when 384 then sha384(convert_to(s, 'utf8'))
    when 512 then sha512(convert_to(s, 'utf8')) else sha256(convert_to(s, 'utf8')) end, 'hex')
$$;
create function redshift_stand_in.strtol(s text, base int) returns bigint language plpgsql immutable as $$
declare
  digits text := lower(trim(leading '-' from s));
  result bigint := 0;
  digit int;
begin
  if base = 16 and digits like '0x%' then digits := substr(digits, 3); end if;
  for i in 1..length(digits) loop
    digit := strpos('0123456789abcdefghijklmnopqrstuvwxyz', substr(digits, i, 1)) - 1;
    if digit < 0 or digit >= base then
      raise exception using errcode = '22023', message = format('The input %s is not valid to be converted to base %s', s, base);
    end if;
    result := result * base + digit;
  end loop;
  return case when s like '-%' then -result else result end;
end $$;

create function redshift_stand_in.json_parse(s text) returns redshift_stand_in.super language sql immutable as $$ select s::jsonb $$;
create function redshift_stand_in.json_serialize(v jsonb) returns text language sql immutable as $$ select v::text $$;
create function redshift_stand_in.can_json_parse(s text) returns boolean language plpgsql immutable as $$
begin
  perform s::json;
  return true;
exception when others then
  return false;
end $$;
create function redshift_stand_in.is_valid_json(s text) returns boolean language sql immutable as $$
  select redshift_stand_in.can_json_parse(s) and s ~ '^\s*\{'
$$;

-- What the session's last load left in the system tables.
create function redshift_stand_in.pg_last_copy_id() returns int language sql stable as $$
  select coalesce(max(id), -1) from redshift_stand_in.load_errors where session = pg_backend_pid()
$$;
create function redshift_stand_in.pg_last_query_id() returns int language sql stable as $$
  select redshift_stand_in.pg_last_copy_id()
$$;
-- Null where the path leads nowhere; clusters of before said '' there.
create function redshift_stand_in.json_extract_path_text(s text, variadic path text[]) returns text language sql immutable as $$
  select s::json #>> path
$$;
-- PostgreSQL counts negative places from the end.
create function redshift_stand_in.json_extract_array_element_text(s text, place int) returns text language sql immutable as $$
  select case when place >= 0 then s::json ->> place end
$$;
create function redshift_stand_in.json_array_length(s text) returns int language sql immutable as $$
  select json_array_length(s::json)
$$;
-- For a last argument that is true: what is no JSON is null.
create function redshift_stand_in.json_or_null(s text) returns text language sql immutable as $$
  select case when redshift_stand_in.can_json_parse(s) then s end
$$;

create function redshift_stand_in.pg_get_viewdef(view oid) returns text language sql stable as $$
  select coalesce(
    (select definition from redshift_stand_in.late_views where relation = view),
    replace(pg_catalog.pg_get_viewdef(view), 'redshift_stand_in.', '')
  )
$$;
create function redshift_stand_in.pg_get_viewdef(view oid, pretty boolean) returns text language sql stable as $$
  select coalesce(
    (select definition from redshift_stand_in.late_views where relation = view),
    replace(pg_catalog.pg_get_viewdef(view, pretty), 'redshift_stand_in.', '')
  )
$$;
create function redshift_stand_in.pg_get_viewdef(view text) returns text language sql stable as $$
  select redshift_stand_in.pg_get_viewdef(view::regclass::oid)
$$;

create function redshift_stand_in.pg_get_late_binding_view_cols() returns setof record language sql stable as $$
  select n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod)::varchar, a.attnum::int
  from redshift_stand_in.late_views l
  join pg_class c on c.oid = l.relation
  join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
$$;
