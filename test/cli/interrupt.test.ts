import { afterEach, describe, expect, test, onTestFinished } from 'vitest'

import { lockKeyOf } from '../../src/engine/postgres/run-lock.ts'
import { startDuro, type RunningCli } from '../support/cli.ts'
import { duroSessions, leftovers, relationIds } from '../support/catalog.ts'
import { query, usingClient } from '../support/database.ts'
import { duro } from '../support/duro.ts'
import { makeWorld, type World } from '../support/world.ts'

/** Two views; the second one never gets ready once `slow` is set. */
const files = {
  'views/first/a.sql': 'select n from source',
  'views/first/b.sql': 'select a.n, wait_when_slow() as waited from first.a',
}
const sources = `create table source as select 1 as n;
  create table slow (id int);
  create function wait_when_slow() returns text language sql volatile set search_path = public
    as 'select pg_sleep(600)::text from slow'`

/** Starts a refresh of a published project, and comes back when a server process is in the middle of the build. */
async function startSlowRefresh(
  kind: string,
  login: (world: World) => Promise<string> = ({ url }) => Promise.resolve(url),
): Promise<{ world: World; running: RunningCli; url: string }> {
  const world = await makeWorld(sources, { ...files, 'views/first/b.yaml': `materialized: ${kind}` })
  const url = await login(world)
  await duroAs(world, url, ['refresh'])
  await world.sql('insert into slow values (1)')
  const running = startDuro(['refresh', '--force', '--database', url], { cwd: world.project.root })
  onTestFinished(() => running.kill('SIGKILL'))
  await untilTrue(world.url, sleeping)
  return { world, running, url }
}

async function duroAs({ project }: World, url: string, args: readonly string[]): Promise<void> {
  expect((await duro(project, url, args)).error).toBeNull()
}

/** A login whose sessions act for another role, which owns all that is made: a store of secrets makes them like this. */
async function actingLogin(world: World): Promise<string> {
  const [owner, login] = [await world.createRole('nologin'), await world.createRole("login password 'duro'")]
  await world.sql(`grant ${owner} to ${login}; alter role ${login} set role ${owner};
    do $$ begin execute format('grant create on database %I to %I', current_database(), '${owner}'); end $$;
    grant select on source, slow to ${owner}`)
  onTestFinished(async () => void (await world.sql(`drop owned by ${owner} cascade`)))
  return world.urlFor(login, 'duro')
}

const sleeping = `select count(*) > 0 as yes from pg_stat_activity
  where datname = current_database() and wait_event = 'PgSleep'`

/** The test's own time limit ends what never comes true. */
async function untilTrue(url: string, condition: string): Promise<void> {
  await usingClient(url, async (client) => {
    for (;;) {
      const { rows } = await client.query<{ yes: boolean }>(condition)
      if (rows[0]?.yes === true) return
      await client.query('select pg_sleep(0.02)')
    }
  })
}

async function expectNothingLeft(world: World, before: Record<string, string>): Promise<void> {
  await untilTrue(
    world.url,
    "select count(*) = 0 as yes from pg_stat_activity where datname = current_database() and application_name like 'duro %'",
  )
  expect(await duroSessions(world.url)).toEqual([])
  expect(await relationIds(world.url)).toEqual(before)
  expect(await leftovers(world.url)).toEqual([])
}

describe.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s in a build', (signal, code) => {
  test.each(['view', 'table'])('of a %s stops it on the server, and leaves the live set', async (kind) => {
    const { world, running } = await startSlowRefresh(kind)
    const before = withoutNew(await relationIds(world.url))
    running.kill(signal)
    const result = await running.result
    expect(result.code).toBe(code)
    expect(result.stderr).toContain(`interrupted by ${signal}`)
    expect(result.stderr).not.toMatch(/^\s+at /m)
    await expectNothingLeft(world, before)
    expect(await query(world.url, 'select outcome from duro.runs order by began_at desc limit 1')).toEqual([
      { outcome: 'interrupted' },
    ])
  })
})

describe('where a login acts for another role', () => {
  test.each(['view', 'table'])('SIGINT in a build of a %s stops it on the server', async (kind) => {
    const { world, running } = await startSlowRefresh(kind, actingLogin)
    const before = withoutNew(await relationIds(world.url))
    running.kill('SIGINT')
    expect((await running.result).code).toBe(130)
    await expectNothingLeft(world, before)
  })

  test('the run after one that was killed ends its server process, and succeeds', async () => {
    const { world, running, url } = await startSlowRefresh('view', actingLogin)
    running.kill('SIGKILL')
    await running.result
    await world.sql('delete from slow')
    await duroAs(world, url, ['refresh', '--force'])
    expect(await world.sql(sleeping)).toEqual([{ yes: false }])
    expect(await leftovers(world.url)).toEqual([])
  })

  test('what was killed under another login, and goes on, is named', async () => {
    const world = await makeWorld(sources, { 'views/first/a.sql': 'select n from source' })
    const url = await actingLogin(world)
    await duroAs(world, url, ['refresh'])
    await usingClient(world.url, async (other) => {
      await other.query(`select pg_advisory_lock_shared(${lockKeyOf('duro')}, 1)`)
      const { code, error } = await duro(world.project, url, ['refresh', '--force'])
      expect(code).toBe(4)
      expect(error).toMatchObject({
        message: expect.stringMatching(
          /^a run that was killed is still at work on the server, as \w+ \(server process \d+\)$/,
        ),
        hint: expect.stringMatching(/^This role may not end it\. .*select pg_terminate_backend\(\d+\);$/),
      })
    })
    await duroAs(world, url, ['refresh', '--force'])
  })
})

test('SIGINT while the rows of a table flow stops them', async () => {
  const world = await makeWorld(sources, files)
  await world.refresh()
  const before = await relationIds(world.url)
  await world.project.update({
    'views/first/a.sql': 'select generate_series(1, 1000000000000) as n',
    'views/first/a.yaml': 'materialized: table',
  })
  const running = startDuro(['refresh', '--database', world.url], { cwd: world.project.root })
  onTestFinished(() => running.kill('SIGKILL'))
  await untilTrue(
    world.url,
    'select coalesce(sum(tuples_processed), 0) > 100000 as yes from pg_stat_progress_copy',
  )
  running.kill('SIGINT')
  expect((await running.result).code).toBe(130)
  await expectNothingLeft(world, before)
})

test('SIGINT in a data test stops it on the server, and drops what was built', async () => {
  const world = await makeWorld(sources, {
    'views/first/a.sql': 'select n from source',
    'views/first/a_test.sql': 'select wait_when_slow() is null as quick, n > 0 as positive from first.a',
  })
  await world.refresh('--no-swap').catch(() => undefined)
  await world.sql('insert into slow values (1)')
  const running = startDuro(['refresh', '--database', world.url], { cwd: world.project.root })
  onTestFinished(() => running.kill('SIGKILL'))
  await untilTrue(world.url, sleeping)
  running.kill('SIGINT')
  expect((await running.result).code).toBe(130)
  await expectNothingLeft(world, withoutNew(await relationIds(world.url)))
})

test('SIGINT while it waits for a source that is locked ends it', async () => {
  const world = await makeWorld(sources, files)
  await world.refresh()
  const before = await relationIds(world.url)
  await usingClient(world.url, async (loader) => {
    await loader.query('begin; lock table source in access exclusive mode')
    const running = startDuro(['refresh', '--force', '--database', world.url], { cwd: world.project.root })
    onTestFinished(() => running.kill('SIGKILL'))
    await untilTrue(
      world.url,
      "select count(*) > 0 as yes from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    )
    running.kill('SIGINT')
    expect((await running.result).code).toBe(130)
    await loader.query('rollback')
  })
  await expectNothingLeft(world, before)
})

describe('a refresh that was killed in a build', () => {
  test('leaves the live set whole; the next one ends its server process, clears away and succeeds', async () => {
    const { world, running } = await startSlowRefresh('view')
    const before = withoutNew(await relationIds(world.url))
    running.kill('SIGKILL')
    expect((await running.result).signal).toBe('SIGKILL')
    expect(withoutNew(await relationIds(world.url))).toEqual(before)

    await world.sql('delete from slow; update source set n = 2')
    const next = await world.refresh('--force')
    expect(next.code).toBe(0)
    expect(await world.sql('select n from first.b')).toEqual([{ n: 2 }])
    expect(await world.sql(sleeping)).toEqual([{ yes: false }])
    expect(await leftovers(world.url)).toEqual([])
    const history = await world.duro(['history'])
    expect(history.stdout).toMatch(/ lost /)
    expect(JSON.parse((await world.duro(['--json', 'history'])).stdout)).toMatchObject({
      runs: [{ outcome: 'published' }, { outcome: 'lost' }, { outcome: 'published' }],
    })
  })

  test('is cleared away by duro cleanup as well, and not published by duro swap', async () => {
    const { world, running } = await startSlowRefresh('view')
    const before = withoutNew(await relationIds(world.url))
    running.kill('SIGKILL')
    await running.result
    const swapped = await world.duro(['swap'])
    expect(swapped.error?.message).toBe('nothing waits to be published')
    const cleaned = await world.duro(['cleanup'])
    expect(cleaned.stdout).toContain('Dropped first__duro_new.a')
    expect(await relationIds(world.url)).toEqual(before)
    expect(await leftovers(world.url)).toEqual([])
    expect(await world.sql(sleeping)).toEqual([{ yes: false }])
  })
})

describe('while a refresh runs, another one', () => {
  let started: RunningCli | null = null
  afterEach(() => started?.kill('SIGKILL'))

  test('exits with 4 and names the holder', async () => {
    const { world } = await startSlowRefresh('view')
    started = startDuro(['refresh', '--database', world.url], { cwd: world.project.root })
    const { code, stderr } = await started.result
    expect(code).toBe(4)
    expect(stderr).toMatch(/another run holds the lock: "duro refresh" by \w+ from .+ \(server process \d+\)/)
    expect(stderr).toContain('--wait 10m')
  })

  test('with --wait waits until it is done, and then runs', async () => {
    const { world, running } = await startSlowRefresh('view')
    started = startDuro(['refresh', '--force', '--wait', '5m', '--database', world.url], {
      cwd: world.project.root,
    })
    await started.waitFor(/waits for another run to end: "duro refresh"/)
    await world.sql('delete from slow')
    await world.sql(
      `select pg_cancel_backend(pid) from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`,
    )
    expect((await running.result).code).toBe(1)
    expect((await started.result).code).toBe(0)
    expect(await leftovers(world.url)).toEqual([])
  })

  test('with --wait gives up when its time is over', async () => {
    const { world } = await startSlowRefresh('view')
    started = startDuro(['refresh', '--wait', '1s', '--database', world.url], { cwd: world.project.root })
    expect((await started.result).code).toBe(4)
  })

  test('with --wait can be interrupted', async () => {
    const { world } = await startSlowRefresh('view')
    started = startDuro(['refresh', '--wait', '5m', '--database', world.url], { cwd: world.project.root })
    await started.waitFor(/waits for another run to end: "duro refresh"/)
    started.kill('SIGINT')
    expect((await started.result).code).toBe(130)
  })

  test('plan still answers, and history shows what runs', async () => {
    const { world } = await startSlowRefresh('view')
    expect((await world.duro(['plan'])).code).toBe(0)
    expect(JSON.parse((await world.duro(['--json', 'history'])).stdout)).toMatchObject({
      runs: [{ outcome: 'running' }, { outcome: 'published' }],
    })
  })
})

/** Without what is being built: it is there while it is. */
function withoutNew(ids: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(ids).filter(([name]) => !name.includes('__duro_')))
}
