import { beforeAll, describe, expect, test } from 'vitest'

import { query, usingClient } from '../../support/client.ts'
import { useStandIn } from '../../support/redshift/use-stand-in.ts'

const standIn = useStandIn()
const run = (sql: string, parameters?: unknown[]) => query(standIn.url(), sql, parameters)

beforeAll(async () => {
  await run(
    `create table t (a int, b varchar(20), d timestamp);
     insert into t values (1, 'x', '2024-01-31 10:59:00'), (2, 'y', '2024-02-29 11:01:00'), (3, null, null)`,
  )
})

const tooLong = (length: number): object => ({
  code: '22001',
  message: `value too long for type character varying(${length})`,
})

async function definition(view: string): Promise<string> {
  const [row] = await run(`select pg_get_viewdef('${view}'::regclass::oid) as d`)
  return String(row?.d)
}

describe('expressions', () => {
  test.each([
    ['nvl(b, a::varchar) from t where a = 3', '3'],
    [`nvl2(b, 'full', 'empty') from t where a = 3`, 'empty'],
    [`decode(b, 'x', 'first', null, 'none', 'other') from t where a = 3`, 'none'],
    [`decode(b, 'x', 'first', null, 'none', 'other') from t where a = 2`, 'other'],
    [`decode(a, 1, 'one') from t where a = 2`, null],
    [`isnull(b, 'was null') from t where a = 3`, 'was null'],
    ['b isnull from t where a = 3', true],
    ['len(b) from t where a = 1', 1],
    [`charindex('b', 'abc')`, 2],
    [`strtol('-ff', 16)`, '-255'],
    [`convert(integer, '12') + 1`, 13],
    [`dateadd(month, 1, '2024-01-31'::date)::varchar`, '2024-02-29 00:00:00'],
    [`dateadd(month, 1, d)::varchar from t where a = 2`, '2024-03-31 11:01:00'],
    [`dateadd('hour', -2, d)::varchar from t where a = 1`, '2024-01-31 08:59:00'],
    [`dateadd(ms, 1500, d)::varchar from t where a = 1`, '2024-01-31 10:59:01.5'],
    [`datediff(hour, '2024-01-31 10:59:00'::timestamp, '2024-01-31 11:01:00'::timestamp)`, '1'],
    [`datediff(year, '2023-12-31'::date, '2024-01-01'::date)`, '1'],
    [`datediff(qtr, '2023-12-31'::date, '2024-07-01'::date)`, '3'],
    [`date_diff('day', dateadd(day, -3, current_date), current_date)`, '3'],
    [`last_day('2024-02-03'::date)::varchar`, '2024-02-29'],
    [`trunc(d)::varchar from t where a = 1`, '2024-01-31'],
    ['trunc(1.7)::int', 1],
    [`listagg(b, ', ') within group (order by b desc) from t`, 'y, x'],
    [`listagg(b) from t where a < 2`, 'x'],
    [`listagg(nvl(b, 'z'), '') within group (order by nvl(b, 'a')) from t`, 'zxy'],
    [`listagg(distinct b, '|') within group (order by b desc) from t`, 'y|x'],
    ['approximate count(distinct b) from t', '2'],
    ['median(a) from t', 2],
    [`json_extract_path_text('{"a":{"b":"c"}}', 'a', 'b')`, 'c'],
    [`json_extract_path_text('{"a":{"b":"c"}}', 'a')`, '{"b":"c"}'],
    [`json_extract_path_text('{"a":{"b":"c"}}', 'b', 'a')`, null],
    [`json_extract_path_text(b, 'a', true) from t where a = 1`, null],
    [`json_extract_array_element_text('["a", {"b": "c"}]', 1)`, '{"b": "c"}'],
    [`json_extract_array_element_text('["a"]', -1)`, null],
    [`json_extract_array_element_text('["a"]', 1)`, null],
    [`json_extract_array_element_text('["a"', 0, true)`, null],
    [`json_array_length('[1, [2, 3]]', false)`, 2],
    [`json_array_length(null)`, null],
    [`sha2('a', 224)`, 'abd37534c7d9a2efb9465de931cd7055ffdb8879563ae98078d6d6d5'],
    [`json_serialize(json_parse('{"a": 1}'))`, '{"a": 1}'],
    [`is_valid_json('{"a"}')`, false],
    [`cast('a' as varchar(max))`, 'a'],
    ['sum(a) from (select top 2 a from t order by a desc) x', '5'],
    [`count(*) from (select b from t minus select 'x') x`, '2'],
    [`getdate() between sysdate - interval '1 minute' and sysdate + interval '1 minute'`, true],
    [String.raw`'it\'s a \\ \t' || 'b''c'`, `it's a \\ \tb'c`],
    [String.raw`'\101'`, 'A'],
    [`'--no comment' /* a /* nested */ comment */ -- and 'this'`, '--no comment'],
    [`'x' as "Mixed"`, 'x'],
  ])('select %s', async (sql, expected) => {
    const [row] = await run(`select ${sql}`)
    expect(Object.values(row ?? {})).toEqual([expected])
  })

  test('ratio_to_report', async () => {
    expect(await run('select ratio_to_report(a) over () as r from t order by a limit 1')).toEqual([
      { r: 1 / 6 },
    ])
  })

  test('top, with all around it', async () => {
    expect(
      await run('select top 1 a from t where a in (select top 2 a from t order by a desc) order by a'),
    ).toEqual([{ a: 2 }])
  })

  test.each([
    ['select a, b from t qualify row_number() over (order by a desc) = 1', [{ a: 3, b: null }]],
    ['select a, row_number() over (order by a desc) as n from t qualify n = 2', [{ a: 2, n: '2' }]],
    [
      'select b, a from t where a > 1 qualify rank() over (order by a) = 1 order by a limit 5',
      [{ b: 'y', a: 2 }],
    ],
    ['select * from t qualify row_number() over (order by a) = 3', [{ a: 3, b: null, d: null }]],
    [
      'select x.a, y.* from t x join (select a as c from t) as y on y.c = x.a qualify row_number() over (order by x.a) = 1',
      [{ a: 1, c: 1 }],
    ],
    [
      'with q as (select a from t qualify row_number() over (order by a) <= 2) select sum(a)::int as s from q',
      [{ s: 3 }],
    ],
  ])('%s', async (sql, rows) => {
    expect(await run(sql)).toEqual(rows)
  })

  test.each(['json_extract_path_text(b, 1::varchar)', `json_array_length(b)`])(
    '%s of what is no JSON is an error',
    async (sql) => {
      await expect(run(`select ${sql} from t where a = 1`)).rejects.toMatchObject({ code: '22P02' })
    },
  )

  test('an unknown part of a date is an error', async () => {
    await expect(run(`select dateadd(fortnight, 1, d) from t`)).rejects.toMatchObject({ code: '22023' })
  })
})

describe('names', () => {
  test('fold to lower case even in quotes', async () => {
    await run('create table "Folded" ("A" int); insert into folded ("a") values (1)')
    expect(await run('select "FOLDED"."A" as "N" from "foLDed"')).toEqual([{ n: 1 }])
  })

  test('of more than 63 bytes are told whole', async () => {
    const name = `long_${'x'.repeat(100)}__duro_new`
    await run(`create table ${name} distkey(${name}_c) as select 1 as ${name}_c`)
    expect(await run('select relname from pg_class where relname = $1', [name])).toEqual([{ relname: name }])
    expect(await run(`select "column", distkey from pg_table_def where tablename = '${name}'`)).toEqual([
      { column: `${name}_c`, distkey: true },
    ])
    await run(`alter table ${name} rename to other_${name}`)
    expect(await run(`select count(*)::int as n from other_${name}`)).toEqual([{ n: 1 }])
  })

  test('of more than 63 bytes are told whole in errors', async () => {
    const name = `missing_${'x'.repeat(100)}`
    await expect(run(`select * from ${name}`)).rejects.toMatchObject({
      code: '42P01',
      message: `relation "${name}" does not exist`,
    })
  })

  test('of more than 127 bytes are cut without a word', async () => {
    const name = 'é'.repeat(70)
    await run(`create table "${name}" (a int)`)
    expect(await run(`select relname from pg_class where relname like 'é%'`)).toEqual([
      { relname: 'é'.repeat(63) },
    ])
  })
})

describe('tables', () => {
  test('keep their attributes, which the catalog shows', async () => {
    await run(
      `create table if not exists made (a int identity(1, 1), b varchar(max) encode zstd not null, c text default 'x' not null,
         d varchar distkey, e super, f numeric(10, 2) encode az64 primary key, constraint u unique (b), foreign key (d) references t (b))
       interleaved sortkey(b, c)`,
    )
    expect(
      await run(
        `select "column", type, distkey, sortkey, "notnull" from pg_table_def where tablename = 'made'`,
      ),
    ).toMatchObject([
      { column: 'a', type: 'integer' },
      { column: 'b', type: 'character varying(65535)', sortkey: 1, notnull: true },
      { column: 'c', type: 'character varying(256)', sortkey: -2, notnull: true },
      { column: 'd', type: 'character varying(256)', distkey: true, sortkey: 0 },
      { column: 'e' },
      { column: 'f', type: 'numeric(10,2)', notnull: true },
    ])
    expect(
      await run(`select reldiststyle, releffectivediststyle from pg_class_info where relname = 'made'`),
    ).toEqual([{ reldiststyle: 1, releffectivediststyle: 1 }])
    await run(`insert into made (b, d, f) values ('b', 'nowhere', 1), ('b', 'nowhere', 1)`)
    expect(await run('select a, b, c from made order by a')).toEqual([
      { a: 1, b: 'b', c: 'x' },
      { a: 2, b: 'b', c: 'x' },
    ])
    await expect(run(`insert into made (b, f) values ('b', null)`)).rejects.toMatchObject({ code: '23502' })
  })

  test.each([
    ['diststyle all', 8, null],
    ['diststyle even sortkey(a)', 0, 'a'],
    ['diststyle auto', 10, null],
    ['backup no diststyle key distkey(a) compound sortkey(a)', 1, 'a'],
  ])('made by a query with %s', async (attributes, style, sortkey) => {
    await run('drop table if exists styled')
    await run(`create table styled ${attributes} as select a from t`)
    expect(
      await run(`select releffectivediststyle as s from pg_class_info where relname = 'styled'`),
    ).toEqual([{ s: style }])
    expect(
      await run(`select sortkey1, tbl_rows::int as n from svv_table_info where "table" = 'styled'`),
    ).toEqual([{ sortkey1: sortkey, n: 3 }])
  })

  test('keys follow a rename of the table and of the column, and can be altered', async () => {
    await run('create table keyed distkey(a) sortkey(a) as select a, b from t')
    await run('alter table keyed rename to rekeyed')
    await run('alter table rekeyed rename column a to c')
    const keys = () =>
      run(
        `select attname, attisdistkey as d, attsortkeyord as s from pg_attribute
         where attrelid = 'rekeyed'::regclass and attnum > 0 and not attisdropped order by attnum`,
      )
    expect(await keys()).toEqual([
      { attname: 'c', d: true, s: 1 },
      { attname: 'b', d: false, s: 0 },
    ])
    await run('alter table rekeyed alter distkey b')
    await run('alter table rekeyed alter sortkey (b, c)')
    expect(await keys()).toEqual([
      { attname: 'c', d: false, s: 2 },
      { attname: 'b', d: true, s: 1 },
    ])
    await run('alter table rekeyed alter diststyle all')
    await run('alter table rekeyed alter sortkey none')
    expect(await keys()).toMatchObject([
      { d: false, s: 0 },
      { d: false, s: 0 },
    ])
    await run('alter table rekeyed add primary key (c)')
  })

  test('a table like another one has its keys', async () => {
    await run('create table pattern (a int distkey, b int sortkey); create table alike (like pattern)')
    expect(
      await run(`select "column", distkey, sortkey from pg_table_def where tablename = 'alike'`),
    ).toEqual([
      { column: 'a', distkey: true, sortkey: 0 },
      { column: 'b', distkey: false, sortkey: 1 },
    ])
  })

  test('svv_table_info omits empty tables', async () => {
    await run('create table nothing_in (a int)')
    expect(await run(`select * from svv_table_info where "table" = 'nothing_in'`)).toEqual([])
  })

  test('text is 256 bytes long', async () => {
    await run('create table short (a text, b varchar); alter table short add column c varchar(3)')
    await run('insert into short (a) values ($1)', ['x'.repeat(256)])
    await expect(run('insert into short (a) values ($1)', ['x'.repeat(257)])).rejects.toMatchObject(
      tooLong(256),
    )
    await expect(run('insert into short (b) values ($1)', ['é'.repeat(129)])).rejects.toMatchObject(
      tooLong(256),
    )
    await expect(run('update short set c = $1', ['éé'])).rejects.toMatchObject(tooLong(3))
    await run('alter table short alter column c type varchar(4)')
    await run('update short set c = $1', ['éé'])
  })

  test('rows move from one table to another', async () => {
    await run('create table target (a int); create table source (a int); insert into source values (1), (2)')
    await run('alter table target append from source')
    expect(
      await run('select (select count(*) from target) as t, (select count(*) from source) as s'),
    ).toEqual([{ t: '2', s: '0' }])
  })

  test.each([
    'vacuum',
    'vacuum t',
    'vacuum full t to 75 percent boost',
    'vacuum sort only t',
    'vacuum delete only',
    'analyze t',
    'analyze t (a) ',
    'analyze t predicate columns',
    "set query_group to 'duro'",
    'set local statement_timeout to 100',
    'explain select * from t',
    "comment on table t is 'a\\'b'",
    'truncate table source',
  ])('%s', async (sql) => {
    expect(await run(sql)).toBeDefined()
  })

  test("Redshift's own settings keep their values", async () => {
    await usingClient(standIn.url(), async (client) => {
      await client.query('set enable_result_cache_for_session to off')
      const { rows } = await client.query('show enable_result_cache_for_session')
      expect(Object.values(rows[0])).toEqual(['off'])
    })
  })
})

describe('views', () => {
  test('a bound view follows its table, and can be bound again from its definition', async () => {
    await run(
      `create table base as select 1 as a, 'x'::varchar(5) as b;
       create view bound as select a, nvl(b, 'y') as b, getdate() as g from base where b in ('x', 'y')`,
    )
    const before = await definition('bound')
    expect(before).not.toContain('redshift_stand_in')
    await run(`create table base_new as select 2 as a, 'x'::varchar(5) as b;
       begin; alter table base rename to base_old; alter table base_new rename to base; commit`)
    expect(await run('select a from bound')).toEqual([{ a: 1 }])
    await run(`create or replace view bound as ${before}`)
    expect(await run('select a from bound')).toEqual([{ a: 2 }])
    await run('drop table base_old')
    await expect(run('drop table base')).rejects.toMatchObject({ code: '2BP01' })
    expect(
      await run(
        `select tgt.relname from pg_class src join pg_depend d on d.refobjid = src.oid
         join pg_depend i on i.objid = d.objid and i.deptype = 'i' join pg_class tgt on tgt.oid = i.refobjid
         where src.relname = 'base' and tgt.relkind = 'v' and tgt.oid <> src.oid group by tgt.relname`,
      ),
    ).toEqual([{ relname: 'bound' }])
  })

  test('a late-binding view reads what carries the name when it is asked', async () => {
    await run(
      `create table public.late_base as select 1 as a, 'x'::varchar(5) as b;
       create view late as select a, b from public.late_base with no schema binding; grant select on late to public`,
    )
    expect(await definition('late')).toMatch(/^create view late as .* with no schema binding;$/)
    await run(`create table late_new as select 2 as a, 'y'::varchar(5) as b;
      begin; alter table late_base rename to late_old; alter table late_new rename to late_base; commit; drop table late_old`)
    expect(await run('select a, b from late')).toEqual([{ a: 2, b: 'y' }])
    await run('drop table late_base')
    await expect(run('select a, b from late')).rejects.toMatchObject({ code: '42P01' })
    await run('create table late_base as select 2 as b, 3 as a')
    expect(await run('select a, b from late')).toEqual([{ a: 3, b: 2 }])
    expect(
      await run(
        `select identity_name from svv_relation_privileges where relation_name = 'late' and identity_type = 'public'`,
      ),
    ).toEqual([{ identity_name: 'public' }])
    expect(
      await run(
        `select col_name, col_type, col_num from pg_get_late_binding_view_cols()
         c(view_schema name, view_name name, col_name name, col_type varchar, col_num int) where view_name = 'late'`,
      ),
    ).toEqual([
      { col_name: 'a', col_type: 'integer', col_num: 1 },
      { col_name: 'b', col_type: 'integer', col_num: 2 },
    ])
  })

  test('a late-binding view may be made before its table', async () => {
    await run('create view early as select * from public.not_yet with no schema binding')
    await expect(run('select * from early')).rejects.toMatchObject({ code: '42P01' })
    await run('create table not_yet as select 5 as a')
    expect(await run('select * from early')).toEqual([{ a: 5 }])
    await run('create or replace view early as select 6 as a, 7 as b with no schema binding')
    expect(await run('select * from early')).toEqual([{ a: 6, b: 7 }])
  })

  test('a native materialized view cannot be refreshed once its table has another name', async () => {
    await run(`create table mv_base as select 1 as a;
      create materialized view mv backup no diststyle even sortkey(a) auto refresh no as select a from mv_base`)
    const state = () => run(`select state from stv_mv_info where name = 'mv'`)
    expect(await state()).toEqual([{ state: 0 }])
    await run('refresh materialized view mv')
    expect(await run(`select relkind from pg_class where relname = 'mv'`)).toEqual([{ relkind: 'v' }])
    await run('alter table mv_base rename to mv_old')
    expect(await state()).toEqual([{ state: 103 }])
    await expect(run('refresh materialized view mv')).rejects.toMatchObject({ message: /unrefreshable/ })
  })
})

describe('the catalog', () => {
  test('does not show the stand-in', async () => {
    for (const sql of [
      `select 1 from pg_namespace where nspname = 'redshift_stand_in'`,
      `select 1 from pg_class where relname = 'late_views'`,
      `select 1 from svv_tables where table_schema = 'redshift_stand_in'`,
      `select 1 from information_schema.tables where table_schema = 'redshift_stand_in'`,
      `select 1 from pg_tables where schemaname = 'redshift_stand_in'`,
      `select 1 from pg_catalog.pg_views where schemaname = 'redshift_stand_in'`,
    ]) {
      expect(await run(sql)).toEqual([])
    }
  })

  test('shows columns', async () => {
    expect(
      await run(
        `select column_name, data_type, character_maximum_length as n from svv_columns where table_name = 't' order by ordinal_position`,
      ),
    ).toEqual([
      { column_name: 'a', data_type: 'integer', n: null },
      { column_name: 'b', data_type: 'character varying', n: 20 },
      { column_name: 'd', data_type: 'timestamp without time zone', n: null },
    ])
  })

  test('shows default privileges, and those on schemas', async () => {
    await run('create schema shared; grant usage on schema shared to public')
    await run('alter default privileges in schema shared grant select on tables to public')
    expect(
      await run(
        `select object_type, privilege_type, grantee_name from svv_default_privileges where schema_name = 'shared'`,
      ),
    ).toEqual([{ object_type: 'RELATION', privilege_type: 'SELECT', grantee_name: 'public' }])
    expect(
      await run(
        `select privilege_type, identity_type from svv_schema_privileges
         where namespace_name = 'shared' and identity_name = 'public'`,
      ),
    ).toEqual([{ privilege_type: 'USAGE', identity_type: 'public' }])
  })

  test('shows grants to users, groups and roles', async () => {
    const [{ suffix } = { suffix: '' }] = await run('select md5(current_database()) as suffix')
    const [user, group, role] = ['u', 'g', 'r'].map((kind) => `${kind}_${String(suffix)}`)
    await run(
      `create user ${user} password 'Secret1'; create group ${group} with user ${user}; create role ${role};
       create table granted (a int); grant select on granted to ${user}; grant select, insert on granted to group ${group};
       grant select on granted to role ${role} `,
    )
    const granted = await run(
      `select privilege_type, identity_name, identity_type from svv_relation_privileges
       where relation_name = 'granted' and identity_name like '%${String(suffix)}' order by 2, 1`,
    )
    await run(`drop table granted; drop user ${user}; drop group ${group}; drop role ${role}`)
    expect(granted).toEqual([
      { privilege_type: 'INSERT', identity_name: group, identity_type: 'group' },
      { privilege_type: 'SELECT', identity_name: group, identity_type: 'group' },
      { privilege_type: 'SELECT', identity_name: role, identity_type: 'role' },
      { privilege_type: 'SELECT', identity_name: user, identity_type: 'user' },
    ])
  })
})
