create function redshift_stand_in.version() returns text language sql immutable as $$
  select 'PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), Redshift 1.0.99999'::text
$$;

-- The start of the statement in Redshift too, without a time zone.
create function redshift_stand_in.getdate() returns timestamp language sql stable as $$
  select date_trunc('second', statement_timestamp() at time zone 'utc')
$$;

-- The start of the transaction.
create function redshift_stand_in.sysdate() returns timestamp language sql stable as $$
  select transaction_timestamp() at time zone 'utc'
$$;
