import { describe, expect, test } from 'vitest'
import * as z from 'zod'

import { InterruptedError } from '../../../src/cli/signals.ts'
import { usingClient } from '../../support/client.ts'
import { testClock, type TestClock } from '../../support/clock.ts'
import { warnings, type Ran } from '../../support/duro.ts'
import type { Files } from '../../support/project.ts'
import { makeWorld, type World } from '../../support/world.ts'

const sources = 'create table source as select n as id, n * 10 as amount from generate_series(1, 3) n'
const select = { 'views/first/base.sql': 'select id, amount from source' }
const daily = 'interval: 24h\nsnapshots_interval: 24h\n'

/** Of `duro history first.base --json`. */
const listing = z.object({
  table: z.string(),
  copies: z.array(
    z.object({ taken: z.iso.datetime(), rows: z.number(), run: z.string(), state: z.string() }),
  ),
})

interface HistoryWorld extends World {
  clock: TestClock
  /** `duro refresh` at the present of the clock. */
  run(...args: string[]): Promise<Ran>
}

async function makeHistoryWorld(files: Files, sql = sources): Promise<HistoryWorld> {
  const world = await makeWorld(sql, { ...select, 'views/first/base.yaml': daily, ...files })
  const clock = testClock('2026-11-01T03:00:00Z')
  return {
    ...world,
    clock,
    run: (...args) => world.duro(['refresh', ...args], { clock: clock.now }),
  }
}

/** The copies in first.base_history: time to number of rows. */
async function copies(world: World, table = 'first.base_history'): Promise<Record<string, number>> {
  const rows = await world.sql<{ time: Date; rows: number }>(
    `select snapshot_timestamp as time, count(*)::int as rows from ${table} group by 1 order by 1`,
  )
  return Object.fromEntries(rows.map(({ time, rows: count }) => [time.toISOString().slice(0, 16), count]))
}

const columns = async (world: World): Promise<string[]> =>
  (
    await world.sql<{ text: string }>(
      `select attname || ' ' || format_type(atttypid, atttypmod) as text from pg_attribute
       where attrelid = 'first.base_history'::regclass and attnum > 0 and not attisdropped order by attnum`,
    )
  ).map((row) => row.text)

async function inRuns(runs: readonly Ran[]): Promise<void> {
  expect(runs.map((ran) => [ran.code, ran.error?.message])).toEqual(runs.map(() => [0, undefined]))
}

describe.each(['view', 'table', 'none'])('materialized as %s', (kind) => {
  test('ten days with a column more in the middle, kept for a week', async () => {
    const world = await makeHistoryWorld({
      'views/first/base.yaml': `${daily}snapshots_stored_for: 180h\nmaterialized: ${kind}\n`,
    })
    const runs: Ran[] = []
    for (let day = 1; day <= 10; day++) {
      if (day === 6)
        await world.project.update({ 'views/first/base.sql': 'select *, id + 1 as next from source' })
      await world.sql(`insert into source values (100 + ${day}, 0)`)
      // cron never comes at the second, and comes more often than once a day
      for (const hours of [12, 12 + 0.01 - 0.02 * (day % 2)]) {
        runs.push(await world.run())
        world.clock.advance(hours)
      }
    }
    await inRuns(runs)
    expect(Object.values(await copies(world))).toEqual([6, 7, 8, 9, 10, 11, 12, 13])
    expect(await columns(world)).toEqual([
      'id integer',
      'amount integer',
      'snapshot_timestamp timestamp with time zone',
      'next integer',
    ])
    expect(
      await world.sql(
        'select count(*)::int as rows, count(next)::int as next from first.base_history where id = 3 or id = 110',
      ),
    ).toEqual([{ rows: 9, next: 6 }])
    const listed = await world.duro(['history', 'first.base', '--json'])
    const parsed = listing.parse(JSON.parse(listed.stdout))
    expect(parsed.table).toBe('first.base_history')
    expect(parsed.copies.map(({ rows, state }) => [rows, state])).toEqual(
      [13, 12, 11, 10, 9, 8, 7, 6].map((rows) => [rows, 'kept']),
    )
    expect(new Set(parsed.copies.map(({ run }) => run)).size).toBe(8)
    expect((await world.duro(['history', 'first.base'])).stdout).toContain('in first.base_history')
  })
})

test('an hourly view is copied once a day, by the publication that is nearest to the hour', async () => {
  const world = await makeHistoryWorld({ 'views/first/base.yaml': 'interval: 1h\nsnapshots_interval: 24h\n' })
  for (let hour = 0; hour < 50; hour += 4) {
    await world.run('--force')
    world.clock.advance(hour === 20 ? 3.9 : hour === 24 ? 4.1 : 4)
  }
  expect(Object.keys(await copies(world))).toEqual([
    '2026-11-01T03:00',
    '2026-11-02T02:54',
    '2026-11-03T03:00',
  ])
})

test('rows and instant are those of the published version, whatever happens to the source', async () => {
  const world = await makeHistoryWorld({})
  await world.run()
  await world.sql('truncate source')
  expect(await copies(world)).toEqual({ '2026-11-01T03:00': 3 })
  expect(await world.sql('select id, amount from first.base_history order by id')).toEqual(
    await world.sql('select id, amount from first.base order by id'),
  )
})

describe('a changed view', () => {
  test('that lost a column keeps what was in it', async () => {
    const world = await makeHistoryWorld({})
    await world.run()
    world.clock.advance(24)
    await world.project.update({ 'views/first/base.sql': 'select id from source' })
    await inRuns([await world.run()])
    expect(
      await world.sql('select count(amount)::int as amounts, count(*)::int as rows from first.base_history'),
    ).toEqual([{ amounts: 3, rows: 6 }])
  })

  test('whose types became wider has its history widened', async () => {
    const world = await makeHistoryWorld({
      'views/first/base.sql': `select id, amount::numeric(6, 2) as price, 'x'::varchar(3) as code from source`,
    })
    await world.run()
    world.clock.advance(24)
    await world.project.update({
      'views/first/base.sql': `select 3000000000 + id as id, amount * 1.23456 as price, 'longer'::text as code from source`,
    })
    await inRuns([await world.run()])
    expect((await columns(world)).slice(0, 3)).toEqual(['id bigint', 'price numeric', 'code text'])
    world.clock.advance(24)
    await world.project.update({
      'views/first/base.sql': `select id, amount as price, 'x'::varchar(2) as code from source`,
    })
    await inRuns([await world.run()])
    expect((await columns(world)).slice(0, 3)).toEqual(['id bigint', 'price numeric', 'code text'])
    expect(Object.values(await copies(world))).toEqual([3, 3, 3])
  })

  test('whose type became another is published, and the run says what to do', async () => {
    const world = await makeHistoryWorld({})
    await world.run()
    world.clock.advance(24)
    await world.project.update({
      'views/first/base.sql': `select id, 'about ' || amount as amount from source`,
    })
    const changed = await world.run()
    expect(changed.code).toBe(1)
    expect(changed.error?.message).toBe(
      'no copy of first.base was written into first.base_history: column amount is text now, and integer in first.base_history',
    )
    expect(changed.error).toHaveProperty(
      'hint',
      expect.stringContaining('alter table first.base_history rename column amount to …'),
    )
    expect(changed.events).toContainEqual(
      expect.objectContaining({ type: 'run-finished', outcome: 'failed', published: ['first.base'] }),
    )
    expect(await world.sql('select amount from first.base where id = 1')).toEqual([{ amount: 'about 10' }])
    expect(Object.keys(await copies(world))).toEqual(['2026-11-01T03:00'])
    expect((await world.duro(['history', 'first.base'])).stdout).toContain('not written yet')

    world.clock.advance(1)
    expect((await world.run()).code).toBe(1)
    await world.sql('alter table first.base_history rename column amount to amount_before')
    // What is owed is copied from the version that is still live, before it is replaced.
    world.clock.advance(23)
    await world.sql('delete from source where id > 1')
    await inRuns([await world.run()])
    expect(await copies(world)).toEqual({
      '2026-11-01T03:00': 3,
      '2026-11-02T03:00': 3,
      '2026-11-03T03:00': 1,
    })
    expect(await columns(world)).toContain('amount text')
  })

  test('that was replaced before it could be copied is told as missed', async () => {
    const world = await makeHistoryWorld({})
    await world.run()
    world.clock.advance(24)
    await world.sql(
      'alter table first.base_history rename column amount to other; alter table first.base_history add amount json',
    )
    expect((await world.run()).code).toBe(1)
    world.clock.advance(24)
    const next = await world.run()
    expect(next.code).toBe(1)
    expect(warnings(next).join('\n')).toContain('its history lacks the version of 2026-11-02T03:00:00.000Z')
    expect((await world.duro(['history', 'first.base'])).stdout).toContain('missed')
  })
})

describe('the history table', () => {
  test('has the owner of the view, its readers at that time, and a comment', async () => {
    const world = await makeHistoryWorld({})
    const [owner, reader, other] = [
      await world.createRole(),
      await world.createRole(),
      await world.createRole(),
    ]
    await world.project.update({ 'views/first/base.yaml': 'interval: 24h\n' })
    await world.run()
    await world.sql(`grant usage, create on schema first to ${owner}; grant select on source to ${owner};
      alter materialized view first.base owner to ${owner};
      grant select on first.base to ${reader};
      alter default privileges in schema first grant all on tables to ${other}`)
    await world.project.update({ 'views/first/base.yaml': daily })
    world.clock.advance(24)
    await inRuns([await world.run()])
    expect(
      await world.sql(
        `select pg_get_userbyid(relowner) as owner, obj_description(oid) as comment,
           has_table_privilege($1, oid, 'select') as reader, has_table_privilege($1, oid, 'insert') as writes,
           has_table_privilege($2, oid, 'select') as other
         from pg_class where oid = 'first.base_history'::regclass`,
        [reader, other],
      ),
    ).toEqual([
      {
        owner,
        comment: 'Dated copies of first.base, kept by duro.',
        reader: true,
        writes: false,
        other: false,
      },
    ])
    world.clock.advance(24)
    await inRuns([await world.run()])
    expect(Object.values(await copies(world))).toEqual([3, 3])
  })

  test('shows nobody what policies hide', async () => {
    const world = await makeHistoryWorld({ 'views/first/base.yaml': 'interval: 24h\nmaterialized: table\n' })
    const reader = await world.createRole()
    await world.run()
    await world.sql(`grant select on first.base to ${reader}; alter table first.base enable row level security;
      create policy one on first.base using (id = 1)`)
    await world.project.update({ 'views/first/base.yaml': `${daily}materialized: table\n` })
    world.clock.advance(24)
    const ran = await world.run()
    await inRuns([ran])
    expect(warnings(ran)).toContain(
      'first.base_history may be read by its owner only: what a reader sees of first.base depends on the reader',
    )
    expect(
      await world.sql("select has_table_privilege($1, 'first.base_history', 'select') as may", [reader]),
    ).toEqual([{ may: false }])
  })

  test('is pruned where a publication for all tables takes it in', async () => {
    const world = await makeHistoryWorld({ 'views/first/base.yaml': `${daily}snapshots_stored_for: 2d\n` })
    await world.sql('create publication everything for all tables')
    const runs: Ran[] = []
    for (let day = 1; day <= 4; day++) {
      runs.push(await world.run())
      world.clock.advance(24)
    }
    await inRuns(runs)
    expect(Object.keys(await copies(world))[0]).toBe('2026-11-02T03:00')
  })

  test('that others made is taken over, and only copies of duro are pruned from it', async () => {
    const world = await makeHistoryWorld({ 'views/first/base.yaml': `${daily}snapshots_stored_for: 2d\n` })
    await world.sql(`create schema first; create table first.base_history as
      select 1 as id, 'old' as remark, timestamptz '2020-01-01T00:00Z' as snapshot_timestamp`)
    const ran = await world.run()
    await inRuns([ran])
    expect(warnings(ran)).toEqual([
      'first.base_history was there already: the copies are added to what is in it',
    ])
    for (let day = 0; day < 3; day++) {
      world.clock.advance(24)
      expect(warnings(await world.run())).toEqual([])
    }
    expect(Object.keys(await copies(world))).toEqual([
      '2020-01-01T00:00',
      '2026-11-02T03:00',
      '2026-11-03T03:00',
      '2026-11-04T03:00',
    ])
  })

  test.each([
    ['create table first.base_history (id int)', 'a table without snapshot_timestamp stands under its name'],
    ['create view first.base_history as select 1 as id', 'something else than a table stands under its name'],
    [
      'create table first.base_history (snapshot_timestamp timestamp)',
      'its column snapshot_timestamp is a timestamp without time zone',
    ],
  ])('is not mistaken: %s', async (statement, complaint) => {
    const world = await makeHistoryWorld({})
    await world.sql(`create schema first; ${statement}`)
    const ran = await world.run()
    expect(ran.error?.message).toContain(complaint)
    expect(await world.sql('select count(*)::int as rows from first.base')).toEqual([{ rows: 3 }])
    expect(await world.sql('select count(*)::int as rows from first.base_history where false')).toEqual([
      { rows: 0 },
    ])
  })

  test.each([
    ['select id, now() as snapshot_timestamp from source', 'has a column snapshot_timestamp of its own'],
    ['select id, source as whole from source', 'column whole holds rows of source'],
  ])('cannot keep what is found before anything is built: %s', async (sql, complaint) => {
    const world = await makeHistoryWorld({ 'views/first/base.sql': sql })
    expect((await world.duro(['plan'])).code).toBe(2)
    expect((await world.run()).error?.message).toContain(complaint)
    expect(await world.sql(`select to_regclass('first.base') as live`)).toEqual([{ live: null }])

    await world.project.update({ 'views/first/base.yaml': 'interval: 24h\n' })
    await inRuns([await world.run()])
    await world.project.update({ 'views/first/base.yaml': daily })
    world.clock.advance(24)
    const ran = await world.run()
    expect(ran.error?.message).toContain(complaint)
    expect(ran.events.filter((event) => event.type === 'stage-started')).toEqual([])
  })

  test('keeps domains, enums, arrays, collations and odd names', async () => {
    const world = await makeHistoryWorld(
      {
        'views/first/base.sql': `select amount as "Ämount %", 'a'::mood as mood, 5::positive as five,
          array[id] as ids, 'x' collate "C" as c from source`,
      },
      `${sources}; create type mood as enum ('a', 'b'); create domain positive as int check (value > 0)`,
    )
    await inRuns([await world.run()])
    world.clock.advance(24)
    await inRuns([await world.run()])
    expect((await columns(world)).slice(0, 5)).toEqual(
      ['"Ämount %"', 'mood', 'five', 'ids', 'c'].map(
        (name, index) =>
          `${name.replaceAll('"', '')} ${['integer', 'mood', 'integer', 'integer[]', 'text'][index]}`,
      ),
    )
  })

  test('survives cleanup, also of a view that has left the folder', async () => {
    const world = await makeHistoryWorld({ 'views/first/other.sql': 'select 1 as one' })
    await world.run()
    await world.project.update({ 'views/first/base.sql': null, 'views/first/base.yaml': null })
    const cleaned = await world.duro(['cleanup', '--removed'])
    expect(cleaned.stdout).toContain('Kept first.base_history, the dated copies of a removed view')
    expect(await world.sql("select to_regclass('first.base')::text as name")).toEqual([{ name: null }])
    expect(Object.values(await copies(world))).toEqual([3])
    expect((await world.duro(['history', 'first.base'])).stdout).toContain('first.base_history')
    expect((await world.duro(['history', 'first.bose'])).error?.message).toBe('there is no view first.bose')
  })
})

describe('swap', () => {
  test('of what was built before copies it, and the way back and again does not copy twice', async () => {
    const world = await makeHistoryWorld({ 'duro.yaml': 'keep_previous: true\n' })
    await world.run()
    world.clock.advance(24)
    await world.run('--no-swap')
    expect(Object.keys(await copies(world))).toEqual(['2026-11-01T03:00'])
    const clock = { clock: world.clock.now }
    await inRuns([await world.duro(['swap'], clock)])
    const both = { '2026-11-01T03:00': 3, '2026-11-02T03:00': 3 }
    expect(await copies(world)).toEqual(both)
    await inRuns([await world.duro(['swap', '--back'], clock), await world.duro(['swap'], clock)])
    expect(await copies(world)).toEqual(both)
  })
})

test('an interruption of a copy leaves the views published, and the copy to the next run', async () => {
  const world = await makeHistoryWorld({
    'views/first/base.sql': 'select id, pg_sleep(id)::text as slow from source',
    'views/first/base.yaml': `${daily}materialized: none\n`,
  })
  const controller = new AbortController()
  const ran = await world.duro(['refresh'], {
    clock: world.clock.now,
    signal: controller.signal,
    onEvent: (event) => {
      if (event.type === 'view-started' && event.stage === 'history')
        setTimeout(() => controller.abort(new InterruptedError('SIGTERM')), 500)
    },
  })
  expect([ran.code, ran.error?.message]).toEqual([143, 'interrupted by SIGTERM'])
  expect(ran.events).toContainEqual(
    expect.objectContaining({ type: 'run-finished', outcome: 'interrupted', published: ['first.base'] }),
  )
  await world.sql('delete from source where id > 1')
  await inRuns([await world.run()])
  expect(Object.values(await copies(world))).toEqual([1])
})

test('a locked history table is waited for, and the copy is made up for by a run without work', async () => {
  const world = await makeHistoryWorld({})
  await world.run()
  world.clock.advance(24)
  await usingClient(world.url, async (blocker) => {
    await blocker.query('begin; lock table first.base_history')
    const ran = await world.run()
    expect(ran.code).toBe(1)
    expect(ran.error?.message).toBe(
      'no copy of first.base was written into first.base_history: canceling statement due to lock timeout',
    )
  })
  world.clock.advance(1)
  const next = await world.run()
  await inRuns([next])
  expect(next.events).toContainEqual(
    expect.objectContaining({ type: 'run-finished', outcome: 'nothing-to-do' }),
  )
  expect(await copies(world)).toEqual({ '2026-11-01T03:00': 3, '2026-11-02T03:00': 3 })
})

test.each(['view', 'none'])(
  'plan names the copies that a refresh writes, materialized as %s',
  async (kind) => {
    const world = await makeHistoryWorld({ 'views/first/base.yaml': `${daily}materialized: ${kind}\n` })
    const plan = async (...args: string[]): Promise<string> => {
      const { stdout } = await world.duro(['plan', ...args], { clock: world.clock.now })
      return stdout
    }
    const line = '1 dated copy to write\n  first.base  into first.base_history\n'
    expect(await plan()).toContain(line)
    await world.run()
    expect(await plan()).not.toContain('copy')
    expect(await plan('--force')).not.toContain('copy')
    world.clock.advance(24)
    expect(await plan()).toContain(line)
    expect(JSON.parse(await plan('--json'))).toMatchObject({
      work: true,
      copies: [{ name: 'first.base', table: 'first.base_history', leftBy: null }],
    })
    const check = ['plan', '--check']
    expect((await world.duro(check, { clock: world.clock.now })).code).toBe(10)
    await world.run()
    expect((await world.duro(check, { clock: world.clock.now })).code).toBe(0)
    expect(await plan()).not.toContain('copy')
  },
)

test('plan names a copy that was left, and --sql prints how it is written first', async () => {
  const world = await makeHistoryWorld({ 'views/first/other — 24h.sql': 'select 1 as n' })
  await world.run()
  world.clock.advance(24)
  await world.sql(`alter table first.base_history rename column amount to id2;
    alter table first.base_history rename column id to amount; alter table first.base_history alter amount type date using null`)
  expect((await world.run()).code).toBe(1)
  await world.sql('alter table first.base_history drop column amount')
  const clock = { clock: world.clock.now }
  const { stdout } = await world.duro(['plan'], clock)
  expect(stdout).toMatch(
    /^1 dated copy to write\n {2}first\.base {2}into first\.base_history, of the version that run 20261102-\S+ has left uncopied\n/,
  )
  expect((await world.duro(['plan', '--check'], clock)).code).toBe(10)
  world.clock.advance(12)
  const sql = (await world.duro(['plan', '--sql', '--force'], clock)).stdout
  expect(sql.indexOf('insert into first.base_history')).toBeGreaterThan(0)
  expect(sql.indexOf('insert into first.base_history')).toBeLessThan(sql.indexOf('-- build'))
  expect(sql.match(/insert into first\.base_history/g)).toHaveLength(1)
  await inRuns([await world.run()])
  expect((await world.duro(['plan', '--check'], clock)).code).toBe(0)
})

test('plan --sql prints the statements, and changes nothing', async () => {
  const world = await makeHistoryWorld({})
  const clock = { clock: world.clock.now }
  const first = await world.duro(['plan', '--sql'], clock)
  expect(first.stdout).toContain('create table first.base_history (…)')
  await world.run()
  expect((await world.duro(['plan', '--sql', '--force'], clock)).stdout).not.toContain('base_history')
  world.clock.advance(24)
  const { stdout } = await world.duro(['plan', '--sql'], clock)
  expect(stdout).toContain(
    `insert into first.base_history (id, amount, snapshot_timestamp) select id, amount, '2026-11-02T03:00:00.000Z'::timestamptz from first.base`,
  )
  expect(Object.keys(await copies(world))).toEqual(['2026-11-01T03:00'])
})
