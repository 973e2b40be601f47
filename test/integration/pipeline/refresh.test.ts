import { describe, expect, test } from 'vitest'

import { disagreements, leftovers, relationIds } from '../../support/catalog.ts'
import type { TotalsComparison } from '../../../src/events.ts'
import { testFailures, type Ran } from '../../support/duro.ts'
import { makeWorld } from '../../support/world.ts'

const files = {
  'views/first/base.sql': 'select id from source',
  'views/first/doubled.sql': 'select id * 2 as id from first.base',
  'views/second/stored.sql': 'select id from first.doubled',
  'views/second/stored.yaml': 'materialized: table\ntotals: { ids: sum(id) }',
  'views/second/shown.sql': 'select count(*) as n from second.stored',
  'views/second/shown.yaml': 'materialized: none',
}
const sources = 'create table source as select generate_series(1, 3) as id'

const comparisonsOf = (ran: Ran): TotalsComparison[] =>
  ran.events.flatMap((event) => (event.type === 'totals-compared' ? event.comparisons : []))

describe('a refresh', () => {
  test('makes every view, in schemas that it makes too, and leaves nothing else', async () => {
    const world = await makeWorld(sources, files)
    const ran = await world.refresh()
    expect(ran.code).toBe(0)
    expect(Object.keys(await relationIds(world.url))).toEqual([
      'first.base',
      'first.doubled',
      'public.source',
      'second.shown',
      'second.stored',
    ])
    expect(await world.sql('select id from second.stored order by id')).toEqual([
      { id: 2 },
      { id: 4 },
      { id: 6 },
    ])
    expect(await world.sql('select n from second.shown')).toEqual([{ n: '3' }])
    expect(await leftovers(world.url)).toEqual([])
    expect(await disagreements(world.url)).toEqual([])
  })

  test('does nothing when nothing is stale', async () => {
    const world = await makeWorld(sources, files)
    await world.refresh()
    const before = await relationIds(world.url)
    const again = await world.refresh()
    expect(again.events).toContainEqual(
      expect.objectContaining({ type: 'run-finished', outcome: 'nothing-to-do' }),
    )
    expect(await relationIds(world.url)).toEqual(before)
  })

  test('goes through the stages in order, and reports totals before and after', async () => {
    const world = await makeWorld(sources, files)
    await world.refresh()
    await world.sql('insert into source values (10), (20)')
    const ran = await world.refresh('--force')
    expect(ran.events.flatMap((event) => (event.type === 'stage-started' ? [event.stage] : []))).toEqual([
      'record totals',
      'build',
      'test',
      'swap',
      'validate',
      'drop',
    ])
    expect(comparisonsOf(ran).toSorted((one, other) => one.view.localeCompare(other.view))).toEqual([
      { view: 'first.base', total: 'rows', before: '3', after: '5', verdict: 'changed' },
      { view: 'first.doubled', total: 'rows', before: '3', after: '5', verdict: 'changed' },
      { view: 'second.stored', total: 'rows', before: '3', after: '5', verdict: 'changed' },
      { view: 'second.stored', total: 'ids', before: '12', after: '72', verdict: 'changed' },
    ])
    expect(await disagreements(world.url)).toEqual([])
  })

  test('counts a table again before the next build, since anybody may have written to it', async () => {
    const world = await makeWorld(sources, files)
    await world.refresh()
    await world.sql('insert into second.stored values (1000)')
    const ran = await world.refresh('--force')
    expect(comparisonsOf(ran)).toContainEqual({
      view: 'second.stored',
      total: 'ids',
      before: '1012',
      after: '12',
      verdict: 'decreased',
    })
  })

  test('counts a materialized view again that was refreshed by hand, concurrently too', async () => {
    const world = await makeWorld(sources, {
      'views/first/base.sql': 'select id from source',
      'views/first/base.yaml': 'indexes: [{ columns: [id], unique: true }]',
    })
    await world.refresh()
    const befores = async (): Promise<string[]> =>
      comparisonsOf(await world.refresh('--force')).map(({ before }) => before ?? '')
    expect(await befores()).toEqual(['3'])
    await world.sql('insert into source select 1000 + g from generate_series(1, 5) g')
    await world.sql('refresh materialized view concurrently first.base')
    expect(await befores()).toEqual(['8'])
    await world.sql('insert into source values (2000)')
    await world.sql('refresh materialized view first.base')
    expect(await befores()).toEqual(['9'])
    await world.sql('vacuum (analyze, freeze) first.base')
    expect(await befores()).toEqual(['9'])
  })

  test('compares a total with what it means now, when its aggregate has changed', async () => {
    const world = await makeWorld(sources, {
      'views/first/base.sql': 'select id from source',
      'views/first/base.yaml': 'totals: { ids: sum(id) }',
    })
    await world.refresh()
    await world.project.update({
      'views/first/base.yaml': 'totals: { ids: sum(id * 10) }\nlimits: { ids: { max_increase: 0 } }',
    })
    expect((await world.duro(['validate'])).code).toBe(0)
    expect(comparisonsOf(await world.refresh('--force')).map(({ verdict }) => verdict)).toEqual([
      'same',
      'same',
    ])
  })

  test('does not take for a failure that a plain view reads other rows a moment later', async () => {
    const world = await makeWorld('create sequence moments', {
      'views/first/moment.sql': "select nextval('moments') as n",
      'views/first/moment.yaml': 'materialized: none\ntotals: { n: max(n) }',
      'views/first/stored.sql': 'select n from first.moment',
    })
    expect((await world.refresh()).code).toBe(0)
    expect(await disagreements(world.url)).toEqual([])
  })

  test('does not take for a failure that floating point adds up to something else in another order', async () => {
    const world = await makeWorld(
      `create table source as select n, sqrt(n) as x from generate_series(1, 100000) n;
       alter table source set (parallel_workers = 4);
       do $$ begin
         execute format('alter database %I set min_parallel_table_scan_size = 0', current_database());
         execute format('alter database %I set parallel_tuple_cost = 0', current_database());
       end $$`,
      {
        'views/first/roots.sql': 'select n, x, x::real as y from source order by random()',
        'views/first/roots.yaml':
          'totals: { x: sum(x), y: sum(y) }\nlimits: { x: { max_decrease: 0, max_increase: 0 } }',
      },
    )
    for (let run = 0; run < 5; run++) await world.refresh('--force')
    for (let run = 0; run < 5; run++) expect((await world.duro(['validate'])).code).toBe(0)
    const sums = await world.sql<{ value: string }>("select distinct value from duro.totals where name = 'x'")
    expect(new Set(sums.map(({ value }) => Number(value).toPrecision(9)))).toHaveLength(1)
  })

  test('stops before the swap when a total moves further than its limit', async () => {
    const world = await makeWorld(sources, {
      ...files,
      'views/first/base.yaml': 'limits: { rows: { max_decrease: 10% } }',
    })
    await world.refresh()
    const before = await relationIds(world.url)
    await world.sql('delete from source where id = 1')
    const ran = await world.duro(['refresh', '--force'])
    expect(ran.code).toBe(1)
    expect(testFailures(ran)).toMatchObject([{ view: 'first.base', failure: { test: 'limits.rows' } }])
    expect(testFailures(ran)[0]?.failure.message).toContain('from 3 to 2')
    expect(await relationIds(world.url)).toEqual(before)
    expect(await leftovers(world.url)).toEqual([])
  })

  test.each([
    ['to the old version', true],
    ['to no view at all, where there was none before', false],
  ])('goes back %s when what is live is not what was built', async (_, hasOld) => {
    const world = await makeWorld(sources, {
      'views/first/base.sql': 'select id from source',
      'views/first/other.sql': 'select 1 as one',
    })
    await world.refresh(hasOld ? 'first.*' : 'first.other')
    const before = await relationIds(world.url)
    // Somebody puts another relation there in the moment of the swap, and keeps the one that was published.
    await world.sql(`
      create function public.meddle() returns trigger language plpgsql as $$ begin
        if to_regclass('first.taken') is null then
          alter materialized view first.base rename to taken;
          create materialized view first.base as select 7 as id;
        end if;
        return null;
      end $$;
      create trigger meddle after insert on duro.views for each statement execute function public.meddle()`)
    const ran = await world.duro(['refresh', '--force', 'first.base'])
    expect(ran.error?.message).toBe('first.base: what is live is not what was published')
    expect(ran.code).toBe(1)
    await world.sql('drop materialized view first.taken')
    expect(await relationIds(world.url)).toEqual(before)
    expect(await leftovers(world.url)).toEqual([])
    expect(await disagreements(world.url)).toEqual([])
    expect(await world.sql('select name from duro.views order by 1')).toEqual(
      [...(hasOld ? ['first.base'] : []), 'first.other'].map((name) => ({ name })),
    )
  })

  test('takes totals that are other ones each time they are computed for no failure', async () => {
    const world = await makeWorld(sources, {
      'views/first/base.sql': 'select id, clock_timestamp() as at from source',
      'views/first/base.yaml': 'totals: { late: max(clock_timestamp() - at), odd: max(id + random()) }',
    })
    for (let run = 0; run < 2; run++) expect((await world.refresh('--force')).code).toBe(0)
  })

  test('rebuilds what reads a materialized view together with it, and a table on its own', async () => {
    const world = await makeWorld(sources, files)
    await world.refresh()
    const before = await relationIds(world.url)
    await world.refresh('first.base')
    const after = await relationIds(world.url)
    expect(after['first.base']).not.toBe(before['first.base'])
    expect(after['first.doubled']).not.toBe(before['first.doubled'])
    expect(after['second.stored']).toBe(before['second.stored'])
    expect(await world.sql('select count(*)::int as n from first.doubled')).toEqual([{ n: 3 }])
  })
})
