import { describe, expect, test } from 'vitest'

import { ProblemsError } from '../../../src/errors.ts'
import { disagreements, leftovers, relationIds } from '../../support/catalog.ts'
import { makeWorld, type World } from '../../support/world.ts'

const sources = 'create table source as select generate_series(1, 3) as n'
const kinds = { view: 'm', table: 'r', none: 'v' } as const
type Kind = keyof typeof kinds

const kindOf = async (world: World, name: string): Promise<string | undefined> =>
  (
    await world.sql<{ relkind: string }>('select relkind from pg_class where oid = to_regclass($1)', [name])
  )[0]?.relkind

/** Two views, the second of which reads the first. */
const chain = (first: Kind, second: Kind) => ({
  'views/first/base.sql': 'select n from source',
  'views/first/base.yaml': `materialized: ${first}`,
  'views/first/sums.sql': 'select sum(n)::int as total from first.base',
  'views/first/sums.yaml': `materialized: ${second}`,
})

const all: readonly Kind[] = ['view', 'table', 'none']

describe('materialized', () => {
  test.each(all.flatMap((first) => all.map((second) => [first, second] as const)))(
    'a %s can be read by a %s, and both follow their source',
    async (first, second) => {
      const world = await makeWorld(sources, chain(first, second))
      await world.refresh()
      expect(await kindOf(world, 'first.base')).toBe(kinds[first])
      expect(await kindOf(world, 'first.sums')).toBe(kinds[second])
      await world.sql('insert into source values (10)')
      await world.refresh('--force')
      expect(await world.sql('select total from first.sums')).toEqual([{ total: 16 }])
      expect(await disagreements(world.url)).toEqual([])
      expect(await leftovers(world.url)).toEqual([])
    },
  )

  test('may change from any kind to any other, with all that reads it', async () => {
    const world = await makeWorld(sources, chain('view', 'view'))
    await world.refresh()
    for (const kind of ['table', 'none', 'view', 'none', 'table', 'view'] as const) {
      await world.project.update({ 'views/first/base.yaml': `materialized: ${kind}` })
      await world.refresh()
      expect(await kindOf(world, 'first.base')).toBe(kinds[kind])
      expect(await world.sql('select total from first.sums')).toEqual([{ total: 6 }])
      expect(await disagreements(world.url)).toEqual([])
      expect(await leftovers(world.url)).toEqual([])
    }
  })
})

test.each([
  ['an array', `array['postgres=r/postgres'::aclitem, null]`],
  ['a composite', `row('postgres=r/postgres', 1)::pair`],
  ['an array of composites', `array[row('postgres=r/postgres', 1)::pair]`],
  ['a domain', `'postgres=r/postgres'::"right"`],
  ['a domain over an array', `'{postgres=r/postgres}'::rights`],
  ['a range', `textual_range('a', 'b')`],
  ['a multirange', `'{[a,b)}'::textual_multirange`],
])('a table may have %s of a type without a binary form', async (_, value) => {
  const world = await makeWorld(
    `${sources}; create type pair as (item aclitem, n int);
     create domain "right" as aclitem; create domain rights as aclitem[];
     -- a type that cannot be sent, and can be ordered as a range needs it
     create type textual;
     create function textual_in(cstring) returns textual language internal immutable strict as 'textin';
     create function textual_out(textual) returns cstring language internal immutable strict as 'textout';
     create type textual (input = textual_in, output = textual_out, like = text);
     create function textual_compare(textual, textual) returns int language internal immutable strict as 'byteacmp';
     create function textual_less(textual, textual) returns boolean language internal immutable strict as 'bytealt';
     create operator < (leftarg = textual, rightarg = textual, function = textual_less);
     create operator class textual_ops default for type textual using btree as
       operator 1 <, function 1 textual_compare(textual, textual);
     create type textual_range as range (subtype = textual, multirange_type_name = textual_multirange)`,
    {
      'views/first/a.sql': `select n, ${value} as held from source`,
      'views/first/a.yaml': 'materialized: table',
    },
  )
  await world.refresh()
  expect(await world.sql(`select distinct held::text = (${value})::text as same from first.a`)).toEqual([
    { same: true },
  ])
})

describe('a relation that duro did not make stands under the name of a view', () => {
  const files = { 'views/first/base.sql': 'select n from source' }

  test.each([
    ['plain view', 'create view first.base as select 7 as n'],
    ['materialized view', 'create materialized view first.base as select 7 as n'],
  ])('a %s is replaced', async (_, create) => {
    const world = await makeWorld(`${sources}; create schema first; ${create}`, files)
    const ran = await world.refresh()
    expect(ran.code).toBe(0)
    expect(await kindOf(world, 'first.base')).toBe('m')
    expect(await world.sql('select count(*)::int as n from first.base')).toEqual([{ n: 3 }])
    expect(await leftovers(world.url)).toEqual([])
  })

  test('a table is refused, and replaced only with --replace-tables', async () => {
    const world = await makeWorld(
      `${sources}; create schema first; create table first.base as select 7 as n`,
      files,
    )
    const before = await relationIds(world.url)
    const refused = await world.duro(['refresh'])
    expect(refused.code).toBe(1)
    expect(refused.error).toBeInstanceOf(ProblemsError)
    expect(refused.error).toMatchObject({
      problems: [
        {
          file: 'views/first/base.sql',
          message: 'a table that duro did not make stands under the name first.base',
        },
      ],
    })
    expect(await relationIds(world.url)).toEqual(before)
    expect(await leftovers(world.url)).toEqual([])
    await world.refresh('--replace-tables')
    expect(await kindOf(world, 'first.base')).toBe('m')
  })

  test('a table that somebody put in the place of ours is refused like any other', async () => {
    const world = await makeWorld(sources, {
      ...files,
      'views/first/base.yaml': 'materialized: table',
    })
    await world.refresh()
    await world.sql('drop table first.base; create table first.base as select 7 as n')
    expect((await world.duro(['refresh'])).code).toBe(1)
    expect(await world.sql('select n from first.base')).toEqual([{ n: 7 }])
  })

  test('a sequence is refused, whatever is asked for', async () => {
    const world = await makeWorld(`${sources}; create schema first; create sequence first.base`, files)
    const ran = await world.duro(['refresh', '--replace-tables'])
    expect(ran.code).toBe(1)
    expect(ran.error).toMatchObject({
      problems: [{ message: expect.stringContaining('neither table nor view') as unknown }],
    })
    expect(await leftovers(world.url)).toEqual([])
  })
})

describe('a view that is gone from the folder', () => {
  const two = {
    'views/first/a.sql': 'select n from source',
    'views/first/b.sql': 'select n from first.a',
    'views/first/kept.sql': 'select 1 as one',
  }

  test('stays, is reported by plan, and is dropped by cleanup --removed only', async () => {
    const world = await makeWorld(sources, two)
    await world.refresh()
    await world.project.update({ 'views/first/a.sql': null, 'views/first/b.sql': null })
    expect((await world.duro(['plan'])).stdout).toMatch(/first\.a.*\n?.*first\.b/)
    await world.refresh('--force')
    await world.duro(['cleanup'])
    expect(await relationIds(world.url)).toHaveProperty('first.a')

    const dry = await world.duro(['cleanup', '--removed', '--dry-run'])
    expect(dry.stdout).toContain('Would drop the view first.a')
    expect(await relationIds(world.url)).toHaveProperty('first.a')

    expect((await world.duro(['cleanup', '--removed'])).error).toBeNull()
    expect(Object.keys(await relationIds(world.url))).toEqual(['first.kept', 'public.source'])
    expect(await disagreements(world.url)).toEqual([])
    expect((await world.duro(['plan'])).stdout).not.toContain('first.a')
  })

  test('is protected by what others built on it', async () => {
    const world = await makeWorld(sources, two)
    await world.refresh()
    await world.sql('create view public.report as select n from first.a')
    await world.project.update({ 'views/first/a.sql': null, 'views/first/b.sql': null })
    const ran = await world.duro(['cleanup', '--removed'])
    expect(ran.code).toBe(1)
    expect(ran.error?.message).toContain('first.a could not be dropped')
    expect(await world.sql('select count(*)::int as n from public.report')).toEqual([{ n: 3 }])
    await world.sql('drop view public.report')
    expect((await world.duro(['cleanup', '--removed'])).error).toBeNull()
    expect(await relationIds(world.url)).not.toHaveProperty('first.a')
  })

  test('holds up no other one, and is named with all that stay', async () => {
    const world = await makeWorld(sources, {
      ...two,
      'views/first/c.sql': 'select n from source',
      'views/first/d.sql': 'select n from source',
    })
    await world.refresh()
    await world.sql(`create view public.on_b as select n from first.b; create view public.on_d as select n from first.d;
      alter materialized view first.c rename to mine`)
    await world.project.update(
      Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [`views/first/${name}.sql`, null])),
    )
    const dry = await world.duro(['cleanup', '--removed', '--dry-run'])
    expect(dry.stdout).toContain('Would forget the view first.c')
    expect(dry.stdout).not.toContain('Would drop the view first.c')
    const ran = await world.duro(['cleanup', '--removed'])
    expect(ran.code).toBe(1)
    expect(ran.error?.message).toMatch(/^3 views failed: /)
    const failed = ran.events.flatMap((event) => (event.type === 'view-failed' ? [event.error.message] : []))
    expect(
      failed.map((message) => message.slice(0, 'first.a could not be dropped'.length)).toSorted(),
    ).toEqual([
      'first.a could not be dropped',
      'first.b could not be dropped',
      'first.d could not be dropped',
    ])
    expect(ran.stdout).not.toContain('Dropped')
    expect(ran.stdout).toContain('Forgot the view first.c, which is no longer in the folder')

    await world.sql('drop view public.on_b')
    const again = await world.duro(['cleanup', '--removed'])
    expect(again.error?.message).toContain('first.d could not be dropped')
    expect(again.stdout).toContain('Dropped the view first.a')
    expect(Object.keys(await relationIds(world.url))).toEqual(
      expect.arrayContaining(['first.d', 'first.kept', 'first.mine']),
    )
  })

  test('and was replaced by somebody since is not duro’s to drop', async () => {
    const world = await makeWorld(sources, two)
    await world.refresh()
    await world.sql('drop materialized view first.b; create table first.b as select 5 as n')
    await world.project.update({ 'views/first/b.sql': null })
    expect((await world.duro(['cleanup', '--removed'])).error).toBeNull()
    expect(await world.sql('select n from first.b')).toEqual([{ n: 5 }])
  })
})

test('the rows of a plain view are counted where they have a limit', async () => {
  const world = await makeWorld('create table source as select generate_series(1, 5) as n', {
    'views/first/a.sql': 'select n from source',
    'views/first/a.yaml': 'materialized: none\nlimits: { rows: { max_decrease: 0 } }',
  })
  await world.refresh()
  await world.project.update({ 'views/first/a.sql': 'select n from source where n = 1' })
  const ran = await world.duro(['refresh'])
  expect(ran.code).toBe(1)
  expect(await world.sql('select count(*)::int as n from first.a')).toEqual([{ n: 5 }])
})

test('a view that is bound to the rows that a table keeps is refreshed together with that table', async () => {
  const world = await makeWorld('create table source as select 1 as n', {
    'views/first/a.sql': 'select n from source',
    'views/first/b.sql': 'select a, n from first.a',
    'views/first/b.yaml': 'materialized: table',
    'views/first/c.sql': 'select count(*) from first.b where (a).n > 0',
  })
  await world.refresh()
  await world.project.update({ 'views/first/d.sql': 'select (a).n from first.b' })
  await world.refresh('first.d')
  const planned = await world.duro(['plan', 'first.a'])
  expect(planned.stdout).toContain('4 views to build')
  await world.refresh('first.a')
  expect(await world.sql('select n from first.d')).toEqual([{ n: 1 }])
  await world.refresh('--force')
})

test('a view may group by the primary key that somebody gave a table, also when both are tried', async () => {
  const world = await makeWorld('create table source as select 1 as id, 2 as n', {
    'views/first/a.sql': 'select id, n from source',
    'views/first/a.yaml': 'materialized: table',
  })
  await world.refresh()
  await world.sql('alter table first.a add primary key (id)')
  await world.project.update({
    'views/first/a.sql': 'select id, n + 1 as n, 3 as more from source',
    'views/first/b.sql': 'select id, n, count(*) from first.a group by id',
  })
  expect((await world.duro(['plan'])).error).toBeNull()
  await world.refresh()
  expect(await world.sql('select n from first.b')).toEqual([{ n: 3 }])
  await world.project.update({
    'views/first/a.sql': 'select id, n from source',
    'views/first/c.sql':
      'select b.id, b.n, a.n as again from first.b join first.a using (id) group by a.id, b.id, b.n',
  })
  await world.refresh()

  // Where its column goes the key goes too, and with it the view.
  await world.project.update({ 'views/first/a.sql': 'select id as key, n from source' })
  expect((await world.duro(['refresh'])).error?.message).toContain('first.b')
})
