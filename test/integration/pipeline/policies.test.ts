import { describe, expect, test } from 'vitest'

import { leftovers } from '../../support/catalog.ts'
import { refresh, type Ran } from '../../support/duro.ts'
import { makeWorld, type World } from '../../support/world.ts'

const sources = 'create table source as select n from generate_series(1, 3) as n'
const files = {
  'duro.yaml': 'default_interval: 1h\nkeep_previous: true\n',
  'views/first/a.sql': 'select n from source',
  'views/first/a.yaml': 'materialized: table\ntotals: { total: sum(n) }',
  'views/first/b.sql': 'select n from first.a',
  'views/first/c.sql': 'select n from source',
  'views/first/c.yaml': 'materialized: table',
}

describe('a view that belongs to somebody whom the policies of another limit', () => {
  test('has the rows that a REFRESH by its owner would give it', async () => {
    const world = await makeWorld(sources, files)
    await world.refresh()
    const owner = await limitedOwner(world)
    await world.sql('create policy few on first.a using (n < 3)')
    await world.sql('refresh materialized view first.b')
    for (const args of [['--force'], ['first.b', '--force'], ['--force']]) {
      await world.refresh(...args)
      expect(await world.sql('select n from first.b order by n')).toEqual([{ n: 1 }, { n: 2 }])
    }
    await world.sql(`drop owned by ${owner} cascade`)
  })

  test('also where that reads another view of the run, and reads its new version from the swap on', async () => {
    const world = await makeWorld(sources, files)
    await world.refresh()
    const owner = await limitedOwner(world)
    await world.sql(`create policy few on first.a using (exists (select from first.c where c.n = a.n and c.n < 3));
      comment on policy few on first.a is 'why'`)
    for (let n = 1; n <= 2; n++) {
      await world.refresh('--force')
      expect(await world.sql('select n from first.b order by n')).toEqual([{ n: 1 }, { n: 2 }])
      expect(await bound(world)).toEqual(['first.a', 'first.c'])
    }
    await world.refresh('--force', '--no-swap')
    await world.sql('alter policy few on first.a using (n = 1)')
    expect((await world.duro(['swap'])).error).toBeNull()
    expect(
      await world.sql(
        `select pg_get_expr(polqual, polrelid) as using from pg_policy where polrelid = 'first.a'::regclass`,
      ),
    ).toEqual([{ using: '(n = 1)' }])
    await world.duro(['cleanup'])
    expect(await leftovers(world.url)).toEqual([])
    await world.sql(`drop owned by ${owner} cascade`)
  })
})

test('the totals of a table whose policies bind its owner, too, are counted alike before and after', async () => {
  const world = await makeWorld('', files)
  const owner = await world.createRole("login password 'duro'")
  await world.sql(`create schema first authorization ${owner}; grant create on database ${databaseOf(world)} to ${owner};
    create table source as select n from generate_series(1, 3) as n; grant select on source to ${owner}`)
  const refreshAs = (...args: string[]): Promise<Ran> =>
    refresh(world.project, world.urlFor(owner, 'duro'), args)
  await refreshAs()
  await world.sql(`alter table first.a enable row level security, force row level security;
    create policy few on first.a for select using (n < 3)`)
  const ran = await refreshAs('--force')
  const compared = ran.events.flatMap((event) => (event.type === 'totals-compared' ? event.comparisons : []))
  expect(compared).toContainEqual({
    view: 'first.a',
    total: 'total',
    before: '3',
    after: '3',
    verdict: 'same',
  })
  await world.sql(`drop owned by ${owner} cascade`)
})

test('a policy that was changed or dropped since is no other one on the way back', async () => {
  const world = await makeWorld(sources, files)
  await world.refresh()
  await world.sql(`alter table first.a enable row level security; create policy few on first.a using (n < 3);
    create policy gone on first.a using (true); alter table first.c enable row level security`)
  await world.refresh('--force')
  await world.sql(`alter policy few on first.a using (n < 2); drop policy gone on first.a;
    alter table first.c disable row level security`)
  expect((await world.duro(['swap', '--back'])).error).toBeNull()
  expect(
    await world.sql(`select relname::text as table, relrowsecurity as secured,
      array(select polname || pg_get_expr(polqual, polrelid) from pg_policy where polrelid = c.oid) as policies
      from pg_class c where oid in ('first.a'::regclass, 'first.c'::regclass) order by 1`),
  ).toEqual([
    { table: 'a', secured: true, policies: ['few(n < 2)'] },
    { table: 'c', secured: false, policies: [] },
  ])
})

async function limitedOwner(world: World): Promise<string> {
  const owner = await world.createRole()
  await world.sql(`grant usage, create on schema first to ${owner}; grant select on first.a, first.c to ${owner};
    alter table first.a enable row level security; alter materialized view first.b owner to ${owner}`)
  return owner
}

/** What the policies of first.a read. */
async function bound(world: World): Promise<string[]> {
  const rows = await world.sql<{ name: string }>(`
    select distinct refobjid::regclass::text as name from pg_depend d join pg_policy p on p.oid = d.objid
    where d.classid = 'pg_policy'::regclass and d.refclassid = 'pg_class'::regclass and p.polrelid = 'first.a'::regclass
    order by 1`)
  return rows.map(({ name }) => name)
}

const databaseOf = (world: World): string => new URL(world.url).pathname.slice(1)
