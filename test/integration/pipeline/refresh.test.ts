import { describe, expect, test } from 'vitest'

import { disagreements, leftovers, relationIds } from '../../support/catalog.ts'
import { testFailures } from '../../support/duro.ts'
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
    const compared = ran.events.flatMap((event) =>
      event.type === 'totals-compared' ? event.comparisons : [],
    )
    expect(compared.toSorted((one, other) => one.view.localeCompare(other.view))).toEqual([
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
    const compared = ran.events.flatMap((event) =>
      event.type === 'totals-compared' ? event.comparisons : [],
    )
    expect(compared).toContainEqual({
      view: 'second.stored',
      total: 'ids',
      before: '1012',
      after: '12',
      verdict: 'decreased',
    })
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
    const world = await makeWorld(sources, { 'views/first/base.sql': 'select id from source' })
    if (hasOld) await world.refresh()
    const before = await relationIds(world.url)
    // A total that is another one every time it is computed stands for rows that changed after the build.
    await world.project.update({ 'views/first/base.yaml': 'totals: { odd: max(id + random()) }' })
    const ran = await world.duro(['refresh', '--force'])
    expect(ran.code).toBe(1)
    expect(ran.error?.message).toContain('the published views are not what was built')
    expect(await relationIds(world.url)).toEqual(before)
    expect(await leftovers(world.url)).toEqual([])
    expect(await disagreements(world.url)).toEqual([])
    expect(await world.sql('select name from duro.views')).toEqual(hasOld ? [{ name: 'first.base' }] : [])
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
