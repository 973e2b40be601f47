import { expect, test } from 'vitest'

import { ProblemsError } from '../../../src/errors.ts'
import { duro, warnings } from '../../support/duro.ts'
import { makeWorld } from '../../support/world.ts'

const files = {
  'views/first/a.sql': 'select 1 as n',
  'views/first/b.sql': 'select n * 10 as n from first.a',
}

test('a plan names what a refresh will refuse, and ends as that would', async () => {
  const world = await makeWorld('create schema first; create table first.b as select 1 as kept', files)
  const planned = await world.duro(['plan'])
  expect(planned.stdout).toContain('2 views to build')
  expect(planned.code).toBe(1)
  expect(planned.error).toMatchObject({
    problems: [
      { file: 'views/first/b.sql', message: expect.stringContaining('a table that duro did not make') },
    ],
  })
  expect((await world.duro(['refresh'])).code).toBe(1)
  expect(await world.sql('select kept from first.b')).toEqual([{ kept: 1 }])
})

test('a name without a schema that the server would take for something else is refused', async () => {
  const world = await makeWorld(`create schema a; create table a.t as select 'a' as source`, {
    'duro.yaml': 'default_interval: 1h\ndefault_schema: [a, b]',
    'views/b/t.sql': "select 'b' as source",
    'views/c/reader.sql': 'select source\nfrom t',
    'views/c/outspoken.sql': 'select t.source from b.t join a.t as other using (source)',
  })
  for (const command of ['plan', 'refresh']) {
    const { code, error } = await world.duro([command])
    expect(code).toBe(1)
    expect(error).toMatchObject({
      problems: [
        {
          file: 'views/c/reader.sql',
          line: 2,
          column: 6,
          message: 'a.t stands in the way of b.t, which is looked up after it',
        },
      ],
    })
  }
  await world.project.update({
    'views/c/reader.sql': 'select source\nfrom b.t',
    'views/c/reader.yaml': 'totals:\n  rest: count(*) - (select count(*) from t)',
  })
  expect((await world.duro(['refresh'])).error).toMatchObject({
    problems: [{ file: 'views/c/reader.yaml', line: 2, message: expect.stringContaining('of b.t') }],
  })
  await world.sql('drop table a.t')
  await world.project.update({ 'views/c/outspoken.sql': null })
  expect(await world.refresh()).toMatchObject({ code: 0 })
  expect(await world.sql('select source from c.reader')).toEqual([{ source: 'b' }])
})

test('a view that reads what a changed one no longer gives is named before anything is built', async () => {
  const world = await makeWorld('', {
    ...files,
    'views/first/c.sql': 'select max(n) as most from first.b',
    'views/second/d.sql': 'select * from first.c',
  })
  await world.refresh()
  await world.project.update({ 'views/first/b.sql': 'select n * 10 as m from first.a' })
  expect((await world.duro(['plan'])).code).toBe(2)
  const ran = await world.duro(['refresh'])
  expect(ran.code).toBe(1)
  expect(ran.events).not.toContainEqual(expect.objectContaining({ type: 'stage-started', stage: 'build' }))
  expect(ran.error?.message).toContain('first.c')
})

test('what hangs on a column that goes is named before anything is built', async () => {
  const world = await makeWorld('create table source as select 1 as n, 2 as m', {
    'views/first/a.sql': 'select n, m from source',
    'views/first/a.yaml': 'materialized: table',
  })
  await world.refresh()
  await world.sql(`
    alter table first.a enable row level security;
    create policy few on first.a using (m > 0);
    create function first.noted() returns trigger language plpgsql as 'begin return new; end';
    create trigger noted before update of m on first.a for each row execute function first.noted();
    create trigger other before update of n on first.a for each row execute function first.noted();
    create function first.most() returns int begin atomic select max(m) from first.a; end;
    create table other (n int);
    create rule tell as on insert to other do also update first.a set m = new.n`)
  await world.project.update({ 'views/first/a.sql': 'select n from source' })
  const expected = [
    'policy few on first.a would break: it uses m',
    'trigger noted on first.a would break: it uses m',
    'function first.most(), which depends on first.a, would break: it uses m',
    'rule tell on table public.other, which depends on first.a, would break: it uses m',
  ]
  const planned = await world.duro(['plan'])
  for (const each of expected) expect(planned.stdout).toContain(each)
  const { error } = await world.duro(['refresh'])
  const problems = error instanceof ProblemsError ? error.problems : []
  expect(problems.map(({ message }) => message).toSorted()).toEqual(expected.toSorted())
  expect(await world.sql('select n, m from first.a')).toEqual([{ n: 1, m: 2 }])
})

test('what is set for a column, and does not suit its new type, is named before anything is built', async () => {
  const world = await makeWorld('create table source as select 1 as n, 2 as m, 3 as id', {
    'views/first/a.sql': "select n, m, id, 'text' as t from source",
    'views/first/a.yaml': 'materialized: table',
  })
  await world.refresh()
  await world.sql(`alter table first.a alter n set default 3, alter t set storage external, alter m set default 4,
    add constraint positive check (n > 0), add primary key (id), alter id add generated by default as identity;
    create policy even on first.a using (n % 2 = 0); create policy named on first.a using (m > 0)`)
  await world.project.update({
    'views/first/a.sql': `select n::text, m::bigint as m, id::text, 1 as t from source`,
  })
  const { error } = await world.duro(['refresh'])
  const problems = error instanceof ProblemsError ? error.problems : []
  expect(problems.map(({ message }) => message).toSorted()).toEqual([
    expect.stringMatching(/^first\.a could not keep `set storage external` of its column t: /),
    expect.stringMatching(/^first\.a could not keep constraint positive: operator does not exist/),
    expect.stringMatching(/^first\.a could not keep policy even: operator does not exist/),
    expect.stringMatching(/^first\.a could not keep the identity of its column id: /),
  ])
  await world.sql(
    'alter table first.a alter t set storage plain, drop constraint positive, alter id drop identity; drop policy even on first.a',
  )
  await world.refresh()
  expect(await world.sql('select n, m, id, t from first.a')).toEqual([{ n: '1', m: '2', id: '3', t: 1 }])
})

test('a plan can be made while built versions wait for their swap', async () => {
  const world = await makeWorld('', files)
  await world.refresh()
  await world.project.update({ 'views/first/a.sql': 'select 2 as n, 3 as more' })
  await world.refresh('--no-swap')
  const planned = await world.duro(['plan'])
  expect(planned.error).toBeNull()
  expect(planned.stdout).toContain('more')
  expect(await world.duro(['swap'])).toMatchObject({ code: 0, error: null })
  expect(await world.sql('select n, more from first.a')).toEqual([{ n: 2, more: 3 }])
})

test('a refresh warns of views that are no longer in the folder, also when it has nothing to do', async () => {
  const world = await makeWorld('', files)
  await world.refresh()
  await world.project.update({ 'views/first/b.sql': null })
  expect(warnings(await world.refresh()).join()).toContain('no longer in the folder')
  expect(await world.sql('select n from first.b')).toEqual([{ n: 10 }])
})

test('a view that has left the folder is not left bound to an old version: the way out is named, and works', async () => {
  const world = await makeWorld('', files)
  await world.refresh()
  await world.project.update({ 'views/first/b.sql': null })
  const refused = await world.duro(['refresh', '--force'])
  expect(refused.error).toMatchObject({
    problems: [
      {
        message: expect.stringContaining('materialized view first.b depends on first.a'),
        hint: expect.stringContaining('duro cleanup --removed'),
      },
    ],
  })
  expect((await world.duro(['cleanup', '--removed'])).error).toBeNull()
  await world.refresh('--force')
})

test('a generated column that somebody made of a table is no obstacle, and the select decides again', async () => {
  const world = await makeWorld('', { ...files, 'views/first/b.yaml': 'materialized: table' })
  await world.refresh()
  await world.sql(`alter table first.b rename n to m;
    alter table first.b add n int generated always as (m * 2) stored`)
  const ran = await world.refresh('--force')
  expect(await world.sql('select * from first.b')).toEqual([{ n: 10 }])
  expect(warnings(ran)).toEqual(['column n was generated, and now holds what the select gives'])
})

test('a table that keeps rows of a view is looked at before columns change', async () => {
  const world = await makeWorld('', {
    'views/first/a.sql': "select 1 as n, 'x' as m",
  })
  await world.refresh()
  const keep = 'create table first.whole as select a as whole, array[a] as all_of_it from first.a a'
  await world.sql(`create table public.empty (row first.a); ${keep}`)
  await world.project.update({ 'views/first/a.sql': "select 1 as n, 'x' as m, 2 as more" })
  const problems = async () => {
    const { error } = await world.duro(['refresh', 'first.a'])
    return error instanceof ProblemsError ? error.problems.map(({ message }) => message).toSorted() : error
  }
  const [array, row] = ['column all_of_it of table first.whole', 'column whole of table first.whole']
  expect(await problems()).toEqual([
    expect.stringContaining(`${array} would break: malformed record literal`),
    expect.stringContaining(`${row} would break: malformed record literal`),
  ])
  await world.sql('drop table first.whole')
  await world.refresh('first.a')
  await world.sql(keep)

  await world.project.update({ 'views/first/a.sql': "select 1 as more, 'x' as m, 2 as n" })
  expect(await problems()).toEqual([
    expect.stringContaining(`${array} would get its values mixed up: n, more would stand at another place`),
    expect.stringContaining(`${row} would get its values mixed up`),
  ])
  await world.project.update({ 'views/first/a.sql': "select 1::bigint as n, 'x' as m, 2 as renamed" })
  await world.refresh('first.a')
  expect(await world.sql('select (whole).renamed from first.whole')).toEqual([{ renamed: 2 }])
})

test('a schema that the role may not use hides nothing', async () => {
  const world = await makeWorld('create table source as select 1 as n', {
    'duro.yaml': 'default_interval: 1h\ndefault_schema: [hidden, first]',
    'views/first/a.sql': 'select n from public.source',
    'views/first/b.sql': 'select n from a',
  })
  const role = await world.createRole("login password 'x'")
  await world.sql(`create schema hidden; create table hidden.a (x int);
    grant create on database ${new URL(world.url).pathname.slice(1)} to ${role};
    grant select on source to ${role}`)
  expect((await duro(world.project, world.urlFor(role, 'x'), ['refresh'])).error).toBeNull()
  await world.sql(`drop owned by ${role} cascade`)
})

test('every row that a table keeps of a view is tried before its columns change', async () => {
  const world = await makeWorld("create table source as select '1'::text as n", {
    'views/first/a.sql': 'select n from source',
  })
  await world.refresh()
  await world.sql(`create table keep (a first.a); insert into keep values (row('1')), (row('x'))`)
  await world.project.update({ 'views/first/a.sql': 'select n::int as n from source' })
  const ran = await world.duro(['refresh'])
  expect(ran.error).toMatchObject({
    problems: [{ message: expect.stringContaining('invalid input syntax') }],
  })
  await world.sql("delete from keep where (a).n = 'x'")
  expect((await world.refresh()).code).toBe(0)
  expect(await world.sql('select (a).n from keep')).toEqual([{ n: 1 }])
})

test('a partitioned table that keeps rows of a view goes along with its partitions', async () => {
  const world = await makeWorld('create table source as select 1 as n', {
    'views/first/a.sql': 'select n from source',
  })
  await world.refresh()
  await world.sql(`create table keep (id int, a first.a) partition by range (id);
    create table keep_few partition of keep for values from (0) to (9);
    insert into keep select 1, a from first.a a`)
  expect((await world.refresh('--force')).code).toBe(0)
  expect(await world.sql('select (a).n from keep')).toEqual([{ n: 1 }])
})

test('totals of a version before this are counted again', async () => {
  const world = await makeWorld('create table source as select 1 as n', {
    'views/first/a.sql': 'select n from source',
    'views/first/a.yaml': 'totals: { n: sum(n) }',
  })
  await world.refresh()
  await world.sql(`alter table duro.totals drop column aggregate; alter table duro.relations drop column loosened;
    delete from duro.migrations where version > 1;
    create view public.builds as select * from duro.view_runs`)
  const older = await world.duro(['plan', '--check'])
  expect(older.error).toMatchObject({
    message: 'the tables in schema duro were made by an older duro',
    hint: '`duro refresh` brings them up to date.',
  })
  const ran = await world.refresh('--force')
  expect(ran.events).toContainEqual(
    expect.objectContaining({
      type: 'totals-compared',
      comparisons: expect.arrayContaining([expect.objectContaining({ total: 'n', before: '1', after: '1' })]),
    }),
  )
})

test.each([
  [
    'a partition of it is a foreign table',
    `create extension file_fdw; create server f foreign data wrapper file_fdw;
     create table keep (id int, a first.a) partition by range (id);
     create foreign table keep_few partition of keep for values from (0) to (9) server f options (filename '/dev/null')`,
  ],
  [
    'a child has the column from two parents',
    'create table keep (id int, a first.a); create table two (a first.a); create table kid () inherits (keep, two)',
  ],
])('a table that keeps rows of a view is refused before the build where %s', async (_, statements) => {
  const world = await makeWorld('create table source as select 1 as n', {
    'views/first/a.sql': 'select n from source',
  })
  await world.refresh()
  await world.sql(statements)
  const ran = await world.duro(['refresh', '--force'])
  const found = ran.error instanceof ProblemsError ? ran.error.problems.map(({ message }) => message) : []
  expect(found[0]).toContain('column a of table public.keep depends on first.a')
  expect(ran.events.some(({ type }) => type === 'stage-started')).toBe(false)
})

test('a foreign key of a partitioned table, and a named not null below a primary key, follow the new version', async () => {
  const world = await makeWorld('create table source as select 1 as n', {
    'views/first/a.sql': 'select n from source',
    'views/first/a.yaml': 'materialized: table',
  })
  await world.refresh()
  await world.sql(`do $$ begin
      -- It has a name since PostgreSQL 18.
      if current_setting('server_version_num')::int >= 180000 then
        execute 'alter table first.a add constraint mine not null n';
      end if;
    end $$;
    alter table first.a add primary key (n)`)
  await world.sql(`create table parts (n int references first.a) partition by list (n);
    create table part partition of parts for values in (1); insert into parts values (1)`)
  await world.refresh('--force')
  await world.refresh('--force')
  expect(await world.sql('select count(*)::int as n from pg_constraint where contype = $$f$$')).toEqual([
    { n: 2 },
  ])
})

test('a table with policies becomes nothing that cannot have them', async () => {
  const world = await makeWorld('create table source as select 1 as n', {
    'views/first/a.sql': 'select n from source',
    'views/first/a.yaml': 'materialized: table',
  })
  await world.refresh()
  await world.sql('alter table first.a enable row level security; create policy few on first.a using (n = 1)')
  await world.refresh('--force')
  await world.project.update({ 'views/first/a.yaml': 'materialized: view' })
  const { error } = await world.duro(['refresh'])
  expect(error instanceof ProblemsError ? error.problems[0]?.message : '').toBe(
    'first.a becomes a materialized view, which cannot have what decides who sees its rows: policy few, row level security',
  )
  await world.sql('drop policy few on first.a; alter table first.a disable row level security')
  await world.refresh()
})
