import { beforeAll, describe, expect, test } from 'vitest'

import { query, usingClient } from '../../support/client.ts'
import { useStandIn } from '../../support/redshift/use-stand-in.ts'

const standIn = useStandIn()

beforeAll(async () => {
  await query(
    standIn.url(),
    `create table t (a int, b varchar(20)); create table u (a int, b varchar(20)); create view v as select a, b from t;
     create materialized view m as select a, b from t`,
  )
})

/** What Redshift's grammar does not have, and the word that the error names. */
const SYNTAX: readonly (readonly [sql: string, word: string])[] = [
  ['insert into t values (1) on conflict do nothing', 'on'],
  ['insert into t (a) values (1) returning a', 'returning'],
  ['update t set a = 1 returning a', 'returning'],
  ['delete from t returning a', 'returning'],
  ['create index on t (a)', 'index'],
  ['create unique index i on t (a)', 'unique'],
  ['create sequence s', 'sequence'],
  ['create unlogged table x (a int)', 'unlogged'],
  ["create type mood as enum ('ok')", 'type'],
  ['create trigger r before insert on t execute function f()', 'trigger'],
  ['create extension pgcrypto', 'extension'],
  ['create recursive view r (a) as select 1', 'recursive'],
  ['create table x (a int) partition by range (a)', 'partition'],
  ['create table x partition of t for values from (1) to (2)', 'partition'],
  ['create table x (a int check (a > 0))', 'check'],
  ['create table x (a int, check (a > 0))', 'check'],
  ['create table x (a int) with (fillfactor = 70)', 'with'],
  ['create table if not exists x as select 1 as a', 'as'],
  ['create table x as select 1 as a with no data', 'with'],
  ['create table x as table t', 'table'],
  ['create table x sortkey(a) distkey(a) as select 1 as a', 'distkey'],
  ['create table x distkey(a) diststyle key as select 1 as a', 'diststyle'],
  ['create table x diststyle even backup no as select 1 as a', 'backup'],
  ['create table x sortkey auto as select 1 as a', 'sortkey'],
  ['create table x diststyle odd as select 1 as a', 'odd'],
  ['create table x distkey(a, b) as select 1 as a', ','],
  ['listen c', 'listen'],
  ['notify c', 'notify'],
  ['do $$ begin end $$', 'do'],
  ['savepoint s', 'savepoint'],
  ['rollback to s', 'to'],
  ['release s', 'release'],
  ['values (1)', 'values'],
  ['alter view v rename to w', 'view'],
  ['alter index i rename to j', 'index'],
  ['alter table t set schema s', 'set'],
  ['alter table t add column c int, add column d int', ','],
  ['alter table if exists t add column c int', 'if'],
  ['alter table t add column if not exists c int', 'if'],
  ['alter table t alter column a set not null', 'set'],
  ['alter materialized view m rename to n', 'rename'],
  ['refresh materialized view concurrently m', 'concurrently'],
  ['drop index i', 'index'],
  ['truncate t, u', ','],
  ['truncate t cascade', 'cascade'],
  ['lock table t in share mode', 'in'],
  ['lock t nowait', 'nowait'],
  ['copy t to stdout', 'to'],
  ['explain (analyze) select 1', '('],
  ['explain analyze select 1', 'analyze'],
  ['vacuum (full) t', '('],
  ['select count(*) filter (where a > 1) from t', 'filter'],
  ['select * from t, lateral (select t.a) l', 'lateral'],
  ['select * from t cross join lateral (select t.a) l', 'lateral'],
  ['select distinct on (a) a, b from t', 'on'],
  ['select a from t for update', 'update'],
  ['select a from t for share', 'share'],
  ['select * from (values (1), (2)) x', 'values'],
  ['select a is distinct from 1 from t', 'distinct'],
  ['select a is not distinct from 1 from t', 'distinct'],
  ['select array[1, 2]', '['],
  ['with x as (insert into t values (1)) select 1', 'insert'],
  ['with x as (delete from t) select 1', 'delete'],
  ['with x as materialized (select 1) select * from x', 'materialized'],
  ['select * from only t', 'only'],
  ['select a from t fetch first 1 row only', 'first'],
  ['select sum(a) over w from t window w as (order by a)', 'w'],
]

describe('no part of the grammar', () => {
  test.each(SYNTAX)('%s', async (sql, word) => {
    await expect(query(standIn.url(), sql)).rejects.toMatchObject({
      code: '42601',
      message: `syntax error at or near "${word}"`,
    })
  })

  test.each([String.raw`select E'a\nb'`, `select U&'a'`, `select X'1f'`])('%s', async (sql) => {
    await expect(query(standIn.url(), sql)).rejects.toMatchObject({ code: '42601' })
  })

  test('what is not closed', async () => {
    for (const sql of [`select 'a`, 'select "a', 'select /* a', 'select $$ a', String.raw`select 'a\'`]) {
      await expect(query(standIn.url(), sql)).rejects.toMatchObject({
        code: '42601',
        message: /^unterminated/,
      })
    }
  })
})

/** What is read, but not known. */
const UNKNOWN: readonly (readonly [sql: string, sqlstate: string])[] = [
  ['create table x (a serial)', '0A000'],
  ['fetch forward 1001 from c', '0A000'],
  ['fetch forward all from c', '0A000'],
  ['create table x (a jsonb)', '0A000'],
  ['create table x (a json)', '0A000'],
  ['create table x (a uuid)', '0A000'],
  ['create table x (a bytea)', '0A000'],
  ['create table x (a int[])', '0A000'],
  ['alter table t add column c jsonb', '0A000'],
  ['create table x (a varchar(65536))', '22023'],
  [`select a::jsonb from t`, '42704'],
  [`select cast(b as uuid) from t`, '42704'],
  [`select jsonb '{}'`, '42704'],
  [`select uuid '7f2a3a60-0000-0000-0000-000000000000'`, '42704'],
  [`select string_agg(b, ',') from t`, '42883'],
  ['select array_agg(a) from t', '42883'],
  [`select to_regclass('t')`, '42883'],
  ['select gen_random_uuid()', '42883'],
  ['select pg_advisory_lock(1)', '42883'],
  ['select pg_try_advisory_xact_lock(1)', '42883'],
  ['select pg_export_snapshot()', '42883'],
  ['select pg_blocking_pids(1)', '42883'],
  [`select pg_relation_filenode('t')`, '42883'],
  [`select jsonb_build_object('a', 1)`, '42883'],
  ['select row_to_json(t) from t', '42883'],
  [`select format('%I', 'a')`, '42883'],
  [`select unnest('{1,2}')`, '42883'],
  [`select nextval('s')`, '42883'],
  ['select txid_current()', '42883'],
  ['select clock_timestamp()', '42883'],
  [`select b -> 'a' from t`, '42883'],
  [`select b @> 'a' from t`, '42883'],
  ['select * from pg_matviews', '42P01'],
  ['select * from pg_catalog.pg_roles', '42P01'],
  ['select * from pg_sequences', '42P01'],
  ['select xmin from t', '42703'],
  ['select t.ctid from t', '42703'],
  ['set lock_timeout = 100', '42704'],
  ['set local lock_timeout to 100', '42704'],
  ['set idle_in_transaction_session_timeout = 1', '42704'],
  ['show server_version', '42704'],
  [`select current_setting('server_version')`, '42704'],
  [`select set_config('lock_timeout', '1', true)`, '42704'],
  ['lock v', '42809'],
  ['alter table m rename to n', '0A000'],
  ['create table x diststyle even distkey(a) as select 1 as a', '42601'],
  ['create table x distkey(c) as select 1 as a', '42703'],
  ['create table x sortkey(c) as select 1 as a', '42703'],
  ['create or replace view v as select a, b, 1 as c from t', '42P16'],
  [`create or replace view v as select a, 1 as b from t`, '42P16'],
  ['drop table t', '2BP01'],
  ['select now() from t', '0A000'],
  ['select current_timestamp, a from t', '0A000'],
  ['create table x as select generate_series(1, 3) as a', '0A000'],
  ['insert into t select generate_series(1, 3), null', '0A000'],
  ['select * from svv_table_info i join pg_views w on w.viewname = i.table', '0A000'],
  [`copy t from 's3://bucket/key' csv`, 'XX000'],
  [`copy t from 's3://bucket/key' iam_role default csv`, 'XX000'],
]

describe('not known, or not allowed', () => {
  test.each(UNKNOWN)('%s', async (sql, code) => {
    await expect(query(standIn.url(), sql)).rejects.toMatchObject({ code })
  })
})

describe('inside a transaction', () => {
  test.each([
    ['vacuum t', '25001'],
    ['alter table t alter column b type varchar(30)', '25001'],
    ['alter table t append from u', '25001'],
    ['create database x', '25001'],
    ['drop database x', '25001'],
  ])('%s', async (sql, code) => {
    await usingClient(standIn.url(), async (client) => {
      await client.query('begin')
      await expect(client.query(sql)).rejects.toMatchObject({ code })
    })
  })

  test.each([...SYNTAX, ...UNKNOWN].map(([sql]) => sql))('%s aborts it', async (sql) => {
    await usingClient(standIn.url(), async (client) => {
      await client.query('begin')
      await client.query('insert into u values (1)')
      await expect(client.query(sql)).rejects.toThrow(/./)
      await expect(client.query('select 1')).rejects.toMatchObject({ code: '25P02' })
      await client.query('commit')
      expect((await client.query('select count(*)::int as n from u')).rows).toEqual([{ n: 0 }])
    })
  })

  test('truncate commits', async () => {
    await usingClient(standIn.url(), async (client) => {
      await client.query('create table emptied (a int)')
      await client.query('insert into emptied values (1)')
      await client.query('begin')
      await client.query('truncate emptied')
      await client.query('rollback')
      expect((await client.query('select count(*)::int as n from emptied')).rows).toEqual([{ n: 0 }])
    })
  })

  test('lock comes first, and alone', async () => {
    await usingClient(standIn.url(), async (client) => {
      await expect(client.query('begin; lock t')).rejects.toMatchObject({ code: '0A000' })
      await client.query('rollback')
      await client.query('begin')
      await client.query('select 1')
      await expect(client.query('lock t')).rejects.toMatchObject({ code: '0A000' })
      await client.query('rollback')
      await client.query('begin; select 1')
      await expect(client.query('lock t')).rejects.toMatchObject({ code: '0A000' })
      await client.query('rollback')
      await client.query('begin')
      await client.query('select $1::int', [1])
      await expect(client.query('lock t')).rejects.toMatchObject({ code: '0A000' })
      await client.query('rollback')
      await client.query('begin')
      await client.query('set local statement_timeout = 1000')
      await client.query('lock t, u')
      await client.query('commit')
    })
  })
})

describe('parameters', () => {
  test.each([
    'create table x as select $1::int as a',
    'create view w as select $1::int as a',
    'alter table t add column c int default $1',
    `unload ('select 1') to $1 iam_role default`,
    'grant select on t to $1',
  ])('%s', async (sql) => {
    await expect(query(standIn.url(), sql, ['1'])).rejects.toMatchObject({
      code: '42601',
      message: 'syntax error at or near "$1"',
    })
  })
})
