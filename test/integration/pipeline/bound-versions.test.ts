import { describe, expect, test } from 'vitest'

import { ProblemsError } from '../../../src/errors.ts'
import { disagreements, leftovers } from '../../support/catalog.ts'
import { usingClient } from '../../support/client.ts'
import { warnings } from '../../support/duro.ts'
import { makeWorld, type World } from '../../support/world.ts'

const tables = {
  'views/first/a.sql': 'select n from source',
  'views/first/b.sql': 'select n from source',
  'views/first.yaml': 'materialized: table',
}
const source = 'create table source as select n from generate_series(1, 3) as n'

/** Each rule writes to the other table, so that neither old version could go before the other does. */
const bound = `
  alter table first.a enable row level security; alter table first.b enable row level security;
  create policy every on first.a using (true);
  create policy few on first.a as restrictive using (exists (select from first.b where b.n = a.n and b.n < 3));
  comment on policy few on first.a is 'not all';
  create policy all_of_it on first.b using (exists (select from source));
  create rule noted as on insert to first.a do also update first.b set n = n + 100;
  create rule noted as on insert to first.b do also update first.a set n = n + 100`

describe('policies and rules that read another view of the set', () => {
  test('bind no old version to another', async () => {
    const world = await makeWorld(source, tables)
    const reader = await readerOf(world)
    await world.refresh()
    await world.sql(bound)
    for (let n = 1; n <= 2; n++) {
      await world.refresh('--force')
      expect(await leftovers(world.url)).toEqual([])
      expect(await objectsOfTables(world)).toEqual(all)
    }
    expect(await readAs(world, reader)).toEqual([1, 2])
  })

  test('are there when an old version becomes live again, and when the new one does', async () => {
    const world = await makeWorld(source, {
      ...tables,
      'duro.yaml': 'default_interval: 1h\nkeep_previous: true\n',
    })
    const reader = await readerOf(world)
    await world.refresh()
    await world.sql(bound)
    await world.refresh('--force')
    // Nobody sees more of it than before.
    expect(await readAs(world, reader, 'first__duro_old.a')).toEqual([])
    for (const args of [['swap', '--back'], ['swap']]) {
      expect((await world.duro(args)).error).toBeNull()
      expect(await objectsOfTables(world)).toEqual(all)
      expect(await readAs(world, reader)).toEqual([1, 2])
      await world.sql('insert into first.a values (7)')
      expect(await world.sql('select from first.b where n > 100')).not.toEqual([])
      expect(await disagreements(world.url)).toEqual([])
    }
    expect((await world.duro(['cleanup'])).error).toBeNull()
    expect(await leftovers(world.url)).toEqual([])
  })
})

const chain = {
  'duro.yaml': 'default_interval: 1h\nkeep_previous: true\n',
  'views/first/a.sql': 'select n from source',
  'views/first/b.sql': 'select n * 10 as n from first.a',
}

describe('an old version that reads a view which is refreshed without it', () => {
  test('holds up no refresh while somebody has built on it', async () => {
    const world = await makeWorld('create table source as select 1 as n', chain)
    await world.refresh()
    await usingClient(world.url, async (session) => {
      await session.query('create temp view mine as select n from first.b')
      await world.refresh('first.b')
      for (const n of [2, 3]) {
        await world.sql(`update source set n = ${n}`)
        expect((await world.duro(['plan', '--force'])).error).toBeNull()
        await world.refresh('--force')
        expect(await world.sql('select n from first.b')).toEqual([{ n: n * 10 }])
        expect((await session.query('select n from mine')).rows).toEqual([{ n: 10 }])
        expect(await disagreements(world.url)).toEqual([])
      }
    })
    expect((await world.duro(['cleanup'])).error).toBeNull()
    expect(await leftovers(world.url)).toEqual([])
  })

  test('need not be able to follow when columns are lost', async () => {
    const world = await makeWorld('create table source as select 1 as n', {
      'views/first/a.sql': 'select n, 1 as extra from source',
      'views/first/b.sql': 'select n, extra from first.a',
      'views/first/b.yaml': 'materialized: none',
    })
    await world.refresh()
    await usingClient(world.url, async (session) => {
      await session.query('create temp view mine as select extra from first.b')
      await world.refresh('first.b')
      await world.project.update({
        'views/first/a.sql': 'select n from source',
        'views/first/b.sql': 'select n from first.a',
      })
      await world.refresh()
      expect((await session.query('select extra from mine')).rows).toEqual([{ extra: 1 }])
    })
    expect((await world.duro(['cleanup'])).error).toBeNull()
    expect(await leftovers(world.url)).toEqual([])
  })

  test('is no obstacle for a plan, and neither is one that waits', async () => {
    const world = await makeWorld('create table source as select 1 as n', chain)
    await world.refresh()
    for (const args of [['first.b'], ['first.b', '--no-swap']]) {
      await world.refresh(...args)
      expect((await world.duro(['plan', '--force'])).error).toBeNull()
    }
    await world.refresh('--force')
  })

  test('is an obstacle once it is somebody’s own', async () => {
    const world = await makeWorld('create table source as select 1 as n', chain)
    await world.refresh()
    await world.refresh('first.b')
    await world.sql('alter materialized view first__duro_old.b set schema public')
    for (const command of ['plan', 'refresh']) {
      const { error } = await world.duro([command, '--force'])
      expect(error instanceof ProblemsError ? error.problems[0]?.message : '').toContain(
        'materialized view public.b depends on first.a',
      )
    }
  })
})

test('an old version that reads a newer one goes before that, in the same run', async () => {
  const world = await makeWorld(source, { ...tables, 'views/first/b.sql': 'select n from first.a' })
  await world.refresh()
  await world.sql('create rule noted as on insert to first.a do also update first.b set n = n + 100')
  // It cannot have the rule, so the old version keeps it.
  await world.project.update({ 'views/first/a.yaml': 'materialized: view' })
  expect(warnings(await world.refresh('--force')).join()).not.toContain('could not be dropped')
  expect(await leftovers(world.url)).toEqual([])
})

const all = ['policy all_of_it', 'policy every', 'policy few', 'rule noted of a', 'rule noted of b']

async function objectsOfTables(world: World): Promise<string[]> {
  const rows = await world.sql<{ name: string }>(`
    select 'policy ' || polname as name from pg_policy where polrelid in ('first.a'::regclass, 'first.b'::regclass)
    union all
    select format('rule %s of %s', r.rulename, c.relname) from pg_rewrite r join pg_class c on c.oid = r.ev_class
    where c.oid in ('first.a'::regclass, 'first.b'::regclass)
    order by 1`)
  return rows.map(({ name }) => name)
}

async function readerOf(world: World): Promise<string> {
  const reader = await world.createRole()
  await world.sql(`create schema first; grant usage on schema first to ${reader};
    alter default privileges in schema first grant select on tables to ${reader}; grant select on source to ${reader}`)
  return reader
}

/** Whoever owns the tables sees all of their rows. */
const readAs = (world: World, reader: string, relation = 'first.a'): Promise<number[]> =>
  usingClient(world.url, async (session) => {
    await session.query(`set role ${reader}`)
    const { rows } = await session.query<{ n: number }>(`select n from ${relation} order by n`)
    return rows.map(({ n }) => n)
  })
