import { describe, expect, test } from 'vitest'

import { SqlError } from '../../../src/errors.ts'
import { disagreements, leftovers, relationIds } from '../../support/catalog.ts'
import type { Ran } from '../../support/duro.ts'
import { makeWorld } from '../../support/world.ts'

/** Nine views: three chains of three over one source. */
const nine = Object.fromEntries(
  ['a', 'b', 'c'].flatMap((name) => [
    [`views/first/${name}1.sql`, `select id, n, 100 / n as share from source`],
    [`views/first/${name}2.sql`, `select id, n, share + 1 as share from first.${name}1`],
    [`views/second/${name}3.sql`, `select sum(share) as share, count(*) as n from first.${name}2`],
  ]),
)
const sources = 'create table source as select id, id as n from generate_series(1, 5) id'

const outcomes = ({ events }: Ran) => {
  const of = (type: 'view-failed' | 'view-skipped'): string[] =>
    events.flatMap((event) => (event.type === type ? [event.view] : [])).toSorted()
  return { failed: of('view-failed'), skipped: of('view-skipped') }
}

const published = ({ events }: Ran) =>
  events.flatMap((event) => (event.type === 'run-finished' ? event.published : [])).toSorted()

describe('a division by zero in the third of nine views', () => {
  const broken = { 'views/first/b2.sql': 'select id,\n  share / (n - 3) as share, n\nfrom first.b1' }

  test('leaves the live set as it was, and nothing else', async () => {
    const world = await makeWorld(sources, nine)
    await world.refresh()
    const before = await relationIds(world.url)
    await world.project.update(broken)
    const ran = await world.duro(['refresh', '--force'])
    expect(ran.code).toBe(1)
    expect(ran.error).toBeInstanceOf(SqlError)
    expect(ran.error).toMatchObject({ sqlState: '22012', detail: 'in views/first/b2.sql' })
    expect(ran.error?.message).toBe('first.b2 could not be built: division by zero')
    expect(outcomes(ran).failed).toEqual(['first.b2'])
    expect(await relationIds(world.url)).toEqual(before)
    expect(await leftovers(world.url)).toEqual([])
    expect(await disagreements(world.url)).toEqual([])
  })

  test('fails a table in the same way as a materialized view', async () => {
    const world = await makeWorld(sources, nine)
    await world.refresh()
    const before = await relationIds(world.url)
    await world.project.update({ ...broken, 'views/first/b2.yaml': 'materialized: table' })
    const ran = await world.duro(['refresh', '--force'])
    expect(ran.code).toBe(1)
    expect(ran.error?.message).toBe('first.b2 could not be built: division by zero')
    expect(ran.error).toMatchObject({ sqlState: '22012' })
    expect(await relationIds(world.url)).toEqual(before)
    expect(await leftovers(world.url)).toEqual([])
  })

  test('with --keep-going publishes what does not depend on it, and says what it published', async () => {
    const world = await makeWorld(sources, nine)
    await world.refresh()
    const before = await relationIds(world.url)
    await world.sql('insert into source values (6, 6)')
    await world.project.update(broken)
    const ran = await world.duro(['refresh', '--force', '--keep-going'])
    expect(ran.code).toBe(1)
    expect(outcomes(ran).failed).toEqual(['first.b2'])
    const others = ['first.a1', 'first.a2', 'first.c1', 'first.c2', 'second.a3', 'second.c3']
    expect(published(ran)).toEqual(others)
    const after = await relationIds(world.url)
    expect(Object.keys(after)).toEqual(Object.keys(before))
    expect(Object.keys(after).filter((name) => after[name] !== before[name])).toEqual(others)
    expect(await world.sql('select n from second.a3 union all select n from second.b3')).toEqual([
      { n: '6' },
      { n: '5' },
    ])
    expect(await leftovers(world.url)).toEqual([])
    expect(await disagreements(world.url)).toEqual([])
    // What the live version is bound to was not published either, and is still to be done.
    const plan = await world.duro(['--json', 'plan'])
    expect(JSON.parse(plan.stdout)).toMatchObject({ views: [{ name: 'first.b2' }, { name: 'second.b3' }] })
  })

  test('with --keep-going publishes what a failed view reads, where nothing is bound to it yet', async () => {
    const world = await makeWorld(sources, { ...nine, ...broken })
    const ran = await world.duro(['refresh', '--keep-going'])
    expect(ran.code).toBe(1)
    expect(Object.keys(await relationIds(world.url))).toContain('first.b1')
    expect(published(ran)).toContain('first.b1')
    expect(await leftovers(world.url)).toEqual([])
    expect(await disagreements(world.url)).toEqual([])
  })

  test('with --keep-going and a failed data test keeps back the same views', async () => {
    const world = await makeWorld(sources, nine)
    await world.refresh()
    const before = await relationIds(world.url)
    await world.project.update({ 'views/first/b2_test.sql': 'select count(*) > 99 as many from first.b2' })
    const ran = await world.duro(['refresh', '--force', '--keep-going'])
    expect(ran.code).toBe(1)
    const after = await relationIds(world.url)
    expect(Object.keys(after).filter((name) => after[name] === before[name])).toEqual([
      'first.b1',
      'first.b2',
      'public.source',
      'second.b3',
    ])
    expect(await leftovers(world.url)).toEqual([])
    expect(await disagreements(world.url)).toEqual([])
  })

  test('with --keep-going fails as a whole when nothing can be published', async () => {
    const world = await makeWorld(sources, { 'views/first/a.sql': 'select 1 / (n - n) from source' })
    const ran = await world.duro(['refresh', '--keep-going'])
    expect(ran.code).toBe(1)
    expect(ran.error?.message).toContain('division by zero')
    expect(await leftovers(world.url)).toEqual([])
  })

  test('with --fail-fast cancels what is in work', async () => {
    const world = await makeWorld(sources, {
      'duro.yaml': 'default_interval: 1h\nconcurrency: 2\n',
      'views/first/endless.sql': 'select pg_sleep(600)::text as slept',
      'views/first/wrong.sql': 'select 1 / (n - n) as n from source',
    })
    const ran = await world.duro(['refresh', '--fail-fast'])
    expect(ran.code).toBe(1)
    expect(outcomes(ran)).toEqual({ failed: ['first.wrong'], skipped: ['first.endless'] })
    expect(ran.error?.message).toContain('first.wrong could not be built: division by zero')
    expect(await leftovers(world.url)).toEqual([])
    expect(
      await world.sql(
        "select from pg_stat_activity where query like '%pg_sleep(600)%' and state = 'active' and pid <> pg_backend_pid()",
      ),
    ).toEqual([])
  })

  test('with --fail-fast cancels what is done behind the back of the builds, and blames nobody for it', async () => {
    const world = await makeWorld(
      `${sources}; create schema first; create function first.slowly(n int) returns int
        immutable language plpgsql as 'begin perform pg_sleep(600); return n; end'`,
      {
        'views/first/leaf.sql': 'select n from source',
        'views/first/leaf.yaml': 'indexes: ["first.slowly(n)"]',
        'views/first/wrong.sql': 'select n / length(pg_sleep(1)::text) as n from source',
      },
    )
    const ran = await world.duro(['refresh', '--fail-fast'])
    expect(outcomes(ran)).toEqual({ failed: ['first.wrong'], skipped: ['first.leaf'] })
    expect(ran.error?.message).toContain('first.wrong could not be built: division by zero')
    expect(await leftovers(world.url)).toEqual([])
  })

  test('is written into the history, with the views that were not reached', async () => {
    const world = await makeWorld(sources, {
      ...nine,
      ...broken,
      'duro.yaml': 'default_interval: 1h\nconcurrency: 1\n',
    })
    await world.duro(['refresh'])
    const last = JSON.parse((await world.duro(['--json', 'history', 'last'])).stdout) as unknown
    expect(last).toMatchObject({ outcome: 'failed', error: 'first.b2 could not be built: division by zero' })
    expect(last).toMatchObject({
      views: expect.arrayContaining([
        expect.objectContaining({ view: 'first.b2', outcome: 'failed' }),
        expect.objectContaining({ view: 'second.b3', outcome: 'skipped' }),
      ]) as unknown,
    })
  })
})

describe('a function that is not found', () => {
  test.each([
    ['a function', "select length(mine('x')) as n"],
    ['a relation', 'select count(*)::int as n from others'],
  ])('by the body of another one: %s', async (_, body) => {
    const world = await makeWorld(
      `create function mine(text) returns text return $1; create table others as select 1 as n;
       create function outer_one() returns int language sql volatile as $$ ${body} $$;
       alter function outer_one() set search_path = ''`,
      { 'views/first/a.sql': 'select outer_one() as n' },
    )
    const { error } = await world.duro(['refresh'])
    expect(error).toMatchObject({
      hint: expect.stringContaining(
        'Qualify the names in its body, or `alter function … set search_path = …`.',
      ),
    })
  })

  test('by the view’s own select is one to look at there', async () => {
    const world = await makeWorld('', { 'views/first/a.sql': "select mine('x') as n" })
    const { error } = await world.duro(['refresh'])
    expect(error?.message).toContain('function mine(unknown) does not exist')
    expect(error).not.toMatchObject({ hint: expect.stringContaining('search_path') })
  })
})
