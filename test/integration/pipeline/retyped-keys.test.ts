import { describe, expect, test } from 'vitest'

import { ProblemsError } from '../../../src/errors.ts'
import { duro, type Ran } from '../../support/duro.ts'
import { makeWorld, type World } from '../../support/world.ts'

const sources = `create table source as select 1 as id, 2 as part, 3 as n;
  create table parts (id int primary key); insert into parts values (2)`

/** A table that refers to another, is referred to, and has a trigger with a condition; all made by hand. */
async function makeTable(): Promise<World> {
  const world = await makeWorld(sources, {
    'views/first/a.sql': 'select id, part, n from source',
    'views/first/a.yaml': 'materialized: table',
  })
  await world.refresh()
  await world.sql(`create unique index on first.a (id);
    create table orders (a int constraint of_a references first.a (id)); insert into orders values (1);
    alter table first.a add constraint of_part foreign key (part) references parts;
    create function note() returns trigger language plpgsql as 'begin return new; end';
    create trigger noted before insert on first.a for each row when (new.n > 0) execute function note()`)
  return world
}

const complaintsOf = ({ error }: Ran): readonly string[] =>
  error instanceof ProblemsError ? error.problems.map(({ message }) => message).toSorted() : []

/** Names of what was made by hand and stands on the live table. */
async function standing(world: World): Promise<string[]> {
  const rows = await world.sql<{ name: string }>(
    `select conname::text as name from pg_constraint
     where contype = 'f' and convalidated and 'first.a'::regclass in (conrelid, confrelid)
     union all select tgname::text from pg_trigger where tgrelid = 'first.a'::regclass and not tgisinternal order by 1`,
  )
  return rows.map(({ name }) => name)
}

/** What the refresh refuses, before it builds anything. */
async function refused(world: World, select: string): Promise<readonly string[]> {
  await world.project.update({ 'views/first/a.sql': select })
  expect(await world.duro(['plan', '--check'])).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('A refresh will refuse this') as unknown,
  })
  const ran = await world.duro(['refresh'])
  expect(ran.events).not.toContainEqual(expect.objectContaining({ type: 'stage-started', stage: 'build' }))
  expect(await standing(world)).toEqual(['noted', 'of_a', 'of_part'])
  return complaintsOf(ran)
}

describe('keys and triggers that somebody made are named before anything is built', () => {
  test('where their columns get types that do not suit them', async () => {
    const world = await makeTable()
    expect(await refused(world, 'select id::text, part::text, n::text from source')).toEqual([
      expect.stringMatching(
        /^constraint of_a on table public\.orders, which depends on first\.a, would break: .*incompatible types: integer and text$/,
      ),
      expect.stringMatching(
        /^first\.a could not keep foreign key of_part: .*incompatible types: text and integer$/,
      ),
      expect.stringMatching(
        /^first\.a could not keep trigger noted: operator does not exist: text > integer/,
      ),
    ])
    await world.sql(`alter table orders drop constraint of_a; drop trigger noted on first.a;
      alter table first.a drop constraint of_part`)
    await world.refresh()
    expect(await world.sql('select id, part, n from first.a')).toEqual([{ id: '1', part: '2', n: '3' }])
  })

  test('where their columns go', async () => {
    const world = await makeTable()
    expect(await refused(world, 'select 1 as other from source')).toEqual([
      'constraint of_a on table public.orders, which depends on first.a, would break: it uses id',
      'foreign key of_part on first.a would break: it uses part',
      'trigger noted on first.a would break: it uses n',
    ])
  })
})

test('keys and triggers that suit the new types of their columns stay', async () => {
  const world = await makeTable()
  await world.project.update({
    'views/first/a.sql': 'select id::bigint, part::bigint, n::bigint from source',
  })
  await world.refresh()
  expect(await standing(world)).toEqual(['noted', 'of_a', 'of_part'])
})

test('a key from a table to itself is tried with both of its columns', async () => {
  const world = await makeWorld(sources, {
    'views/first/a.sql': 'select id, id as part from source',
    'views/first/a.yaml': 'materialized: table',
  })
  await world.refresh()
  await world.sql(`alter table first.a add primary key (id);
    alter table first.a add constraint of_whole foreign key (part) references first.a`)
  await world.project.update({ 'views/first/a.sql': 'select id::text, id as part from source' })
  expect(complaintsOf(await world.duro(['refresh']))).toEqual([
    expect.stringMatching(
      /^first\.a could not keep foreign key of_whole: .*incompatible types: integer and text$/,
    ),
  ])
  await world.project.update({ 'views/first/a.sql': 'select id::text, id::text as part from source' })
  await world.refresh()
  expect(await standing(world)).toEqual(['of_whole'])
})

describe('a key between two views', () => {
  const files = {
    'views/first/a.sql': 'select id from source',
    'views/first/a.yaml': 'materialized: table',
    'views/first/b.sql': 'select id from source',
    'views/first/b.yaml': 'materialized: table',
  }
  const select = 'select id::text from source'
  const makeKeyed = async (): Promise<World> => {
    const world = await makeWorld(sources, files)
    await world.refresh()
    await world.sql(`create unique index on first.a (id);
      alter table first.b add constraint of_a foreign key (id) references first.a (id)`)
    return world
  }

  test('stays where both change together', async () => {
    const world = await makeKeyed()
    await world.project.update({ 'views/first/a.sql': select, 'views/first/b.sql': select })
    await world.refresh()
    expect(await standing(world)).toEqual(['of_a'])
  })

  test.each([[['refresh']], [['refresh', '--force']]])(
    'is named by %s where one changes alone',
    async (args) => {
      const world = await makeKeyed()
      await world.project.update({ 'views/first/a.sql': select })
      expect(complaintsOf(await world.duro(args))).toEqual([
        expect.stringMatching(
          /^constraint of_a on table first\.b, which depends on first\.a, would break: .*types: integer and text$/,
        ),
      ])
      await world.project.update({
        'views/first/a.sql': files['views/first/a.sql'],
        'views/first/b.sql': select,
      })
      expect(complaintsOf(await world.duro(args))).toEqual([
        expect.stringMatching(/^first\.b could not keep foreign key of_a: .*types: text and integer$/),
      ])
      expect(await standing(world)).toEqual(['of_a'])
    },
  )

  test('is no obstacle where the one that has it becomes a view', async () => {
    const world = await makeKeyed()
    await world.project.update({ 'views/first/a.sql': select, 'views/first/b.yaml': 'materialized: view' })
    await world.refresh('--force')
    expect(await standing(world)).toEqual([])
  })
})

test('a key to a table that the role may refer to, and not read, holds nothing up', async () => {
  const world = await makeWorld(sources, {
    'views/first/a.sql': 'select id, part from source',
    'views/first/a.yaml': 'materialized: table',
  })
  const role = await world.createRole("login password 'duro'")
  await world.sql(`grant create on database ${new URL(world.url).pathname.slice(1)} to ${role};
    grant select on source to ${role}; grant references on parts to ${role}`)
  const refresh = (): Promise<Ran> => duro(world.project, world.urlFor(role, 'duro'), ['refresh'])
  await refresh()
  await world.sql('alter table first.a add constraint of_part foreign key (part) references parts')
  await world.project.update({ 'views/first/a.sql': 'select id, part::bigint from source' })
  expect((await refresh()).error).toBeNull()
  expect(await standing(world)).toEqual(['of_part'])
  await world.sql(`drop owned by ${role} cascade`)
})
