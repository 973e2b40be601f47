import { describe, expect, test } from 'vitest'

import { disagreements, leftovers, relationIds } from '../../support/catalog.ts'
import { warnings } from '../../support/duro.ts'
import { makeWorld, type World } from '../../support/world.ts'

const sources = 'create table source as select 1 as n'
const files = {
  'views/first/a.sql': 'select n from source',
  'views/first/b.sql': 'select n * 10 as n from first.a',
  'views/second/c.sql': 'select n * 100 as n from first.a',
  'views/second/c.yaml': 'materialized: table',
}
const keeping = { 'duro.yaml': 'default_interval: 1h\nkeep_previous: true\n' }

const numbers = async (world: World): Promise<unknown[]> =>
  world.sql(
    'select (select n from first.a) as a, (select n from first.b) as b, (select n from second.c) as c',
  )

describe('a refresh --no-swap', () => {
  test('leaves the live set alone, and `duro swap` publishes what it built', async () => {
    const world = await makeWorld(sources, files)
    await world.refresh()
    const before = await relationIds(world.url)
    await world.sql('update source set n = 2')

    const built = await world.refresh('--force', '--no-swap')
    expect(built.events).toContainEqual(expect.objectContaining({ type: 'run-finished', outcome: 'built' }))
    expect(await relationIds(world.url)).toMatchObject(before)
    expect(await numbers(world)).toEqual([{ a: 1, b: 10, c: 100 }])
    expect(await world.sql('select n from first__duro_new.b')).toEqual([{ n: 20 }])
    expect(await disagreements(world.url)).toEqual([])

    const swapped = await world.duro(['swap'])
    expect(swapped.error).toBeNull()
    expect(swapped.stdout).toContain('Published 3 views: first.a, first.b, second.c')
    expect(await numbers(world)).toEqual([{ a: 2, b: 20, c: 200 }])
    expect(await disagreements(world.url)).toEqual([])
    expect(await leftovers(world.url)).toEqual([])
    expect(await world.sql('select outcome, count(*)::int as n from duro.runs group by 1')).toEqual([
      { outcome: 'published', n: 2 },
    ])
    expect((await world.duro(['plan', '--check'])).code).toBe(0)
  })

  test('is forgotten by the next refresh, which builds anew', async () => {
    const world = await makeWorld(sources, files)
    await world.refresh('--no-swap')
    await world.sql('update source set n = 3')
    await world.refresh()
    expect(await numbers(world)).toEqual([{ a: 3, b: 30, c: 300 }])
    expect(await leftovers(world.url)).toEqual([])
    expect((await world.duro(['swap'])).error?.message).toBe('nothing waits to be published')
  })
})

describe('duro swap', () => {
  test('says so when nothing waits', async () => {
    const world = await makeWorld(sources, files)
    for (const args of [['swap'], ['swap', '--back']]) {
      expect((await world.duro(args)).code).toBe(1)
    }
    await world.refresh()
    const before = await relationIds(world.url)
    expect((await world.duro(['swap'])).error?.message).toBe('nothing waits to be published')
    expect((await world.duro(['swap', '--back'])).error?.message).toBe('there is no old version to return to')
    expect(await relationIds(world.url)).toEqual(before)
  })

  test('does not publish what a run that was killed has built and not tested', async () => {
    const world = await makeWorld(sources, {
      ...files,
      'views/first/b_test.sql': 'select n < 0 as impossible from first.b',
    })
    // A process that dies between build and test leaves what it built, registered.
    await world.refresh('second.c', '--no-swap')
    await world.sql(`update duro.runs set outcome = null, finished_at = null;
      update duro.view_runs set outcome = 'built'`)
    const ran = await world.duro(['swap'])
    expect(ran.error?.message).toBe('nothing waits to be published')
    expect(await relationIds(world.url)).not.toHaveProperty('second.c')
    expect((await world.duro(['cleanup'])).code).toBe(0)
    expect(await leftovers(world.url)).toEqual([])
  })

  test('names the views whose files are gone since the build, whether it publishes them or not', async () => {
    const world = await makeWorld(sources, files)
    await world.refresh()
    await world.sql('update source set n = 2')
    // A table is bound to nothing, and not built again with what it reads.
    await world.refresh('first.a', '--no-swap')
    await world.project.update({ 'views/second/c.sql': null, 'views/second/c.yaml': null })
    const ran = await world.duro(['swap'])
    expect(ran.error).toBeNull()
    expect(warnings(ran)).toEqual([
      'no longer in the folder, and still in the database: second.c; duro cleanup --removed drops what nobody needs, else bring the file back',
    ])
    expect(await numbers(world)).toEqual([{ a: 2, b: 20, c: 100 }])

    await world.project.update({ 'views/first/d.sql': 'select n from first.a' })
    await world.refresh('--no-swap')
    await world.project.update({ 'views/first/d.sql': null })
    expect(warnings(await world.duro(['swap']))).toEqual([
      expect.stringMatching(/: first\.d, second\.c; .* else bring the files back$/),
    ])
    expect((await world.duro(['cleanup', '--removed'])).error).toBeNull()
    expect(Object.keys(await relationIds(world.url))).toEqual(['first.a', 'first.b', 'public.source'])
    await world.refresh('--force', '--no-swap')
    expect(warnings(await world.duro(['swap']))).toEqual([])
  })

  test('prints one JSON object, and nothing with --quiet', async () => {
    const world = await makeWorld(sources, files)
    await world.refresh('--no-swap')
    const { stdout } = await world.duro(['--json', 'swap'])
    expect(JSON.parse(stdout)).toMatchObject({ type: 'swap', views: ['first.a', 'first.b', 'second.c'] })
    await world.refresh('--force', '--no-swap')
    expect((await world.duro(['--quiet', 'swap'])).stdout).toBe('')
  })
})

describe('duro swap --back', () => {
  test('returns to the version before, and `duro swap` goes forward again', async () => {
    const world = await makeWorld(sources, { ...files, ...keeping })
    await world.refresh()
    const first = await relationIds(world.url)
    await world.sql('update source set n = 2')
    await world.refresh('--force')
    const second = await relationIds(world.url)
    expect(second['first__duro_old.a']).toBe(first['first.a'])

    const back = await world.duro(['swap', '--back'])
    expect(back.error).toBeNull()
    expect(await numbers(world)).toEqual([{ a: 1, b: 10, c: 100 }])
    expect(await relationIds(world.url)).toMatchObject(first)
    expect(await disagreements(world.url)).toEqual([])

    expect((await world.duro(['swap'])).error).toBeNull()
    expect(await numbers(world)).toEqual([{ a: 2, b: 20, c: 200 }])
    expect(await relationIds(world.url)).toEqual(second)
    expect(await disagreements(world.url)).toEqual([])
    // And once more: going forward is a swap like any other.
    expect((await world.duro(['swap', '--back'])).error).toBeNull()
    expect(await relationIds(world.url)).toMatchObject(first)
    expect(await disagreements(world.url)).toEqual([])
  })

  test('takes away the views that were new in that swap, and brings them back', async () => {
    const world = await makeWorld(sources, { ...files, ...keeping })
    await world.refresh()
    await world.project.update({ 'views/first/d.sql': 'select n + 1 as n from first.b' })
    await world.refresh('--force')
    const withNew = await relationIds(world.url)
    expect((await world.duro(['swap', '--back'])).error).toBeNull()
    expect(await relationIds(world.url)).not.toHaveProperty('first.d')
    expect(await disagreements(world.url)).toEqual([])
    expect(await world.sql("select from duro.views where name = 'first.d'")).toEqual([])
    expect((await world.duro(['swap'])).error).toBeNull()
    expect(await relationIds(world.url)).toEqual(withNew)
    expect(await disagreements(world.url)).toEqual([])
  })

  test('knows what it returned to: an unchanged folder is not rebuilt, a changed one is', async () => {
    const world = await makeWorld(sources, { ...files, ...keeping })
    await world.refresh()
    await world.project.update({ 'views/second/c.sql': 'select n * 1000 as n from first.a' })
    await world.refresh()
    await world.duro(['swap', '--back'])
    const plan = await world.duro(['--json', 'plan'])
    expect(JSON.parse(plan.stdout)).toMatchObject({ views: [{ name: 'second.c' }] })
    await world.refresh()
    expect(await numbers(world)).toEqual([{ a: 1, b: 10, c: 1000 }])
    expect(await disagreements(world.url)).toEqual([])
  })

  test('returns to a view that somebody else had made', async () => {
    const world = await makeWorld(`${sources}; create schema first; create view first.a as select 7 as n`, {
      'views/first/a.sql': 'select n from source',
      ...keeping,
    })
    const before = await relationIds(world.url)
    await world.refresh()
    expect((await world.duro(['swap', '--back'])).error).toBeNull()
    expect(await relationIds(world.url)).toMatchObject(before)
    expect(await world.sql('select n from first.a')).toEqual([{ n: 7 }])
    expect(await disagreements(world.url)).toEqual([])
  })

  test('with keep_previous, the next refresh drops the old version of the one before', async () => {
    const world = await makeWorld(sources, { ...files, ...keeping })
    await world.refresh()
    await world.refresh('--force')
    await world.refresh('second.c')
    expect(Object.keys(await relationIds(world.url)).filter((name) => name.includes('__duro_'))).toEqual([
      'second__duro_old.c',
    ])
    expect(await disagreements(world.url)).toEqual([])
    expect((await world.duro(['cleanup'])).code).toBe(0)
    expect(await leftovers(world.url)).toEqual([])
  })
})
