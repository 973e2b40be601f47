import { setTimeout as sleep } from 'node:timers/promises'

import { Client } from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'

import { startDuro } from '../../support/cli.ts'
import { clusterUrl, makeRedshiftWorld, type RedshiftWorld } from '../../support/redshift/redshift-world.ts'
import { leftBy } from '../../support/redshift/relations.ts'

const sources = ['create schema a', 'create table a.source (n int)', 'insert into a.source values (1), (2)']
const files = { 'views/a/numbers.sql': 'select n from a.source' }
/** For each row. */
const slow = { 'views/a/numbers.sql': 'select n, pg_sleep(60)::varchar as waited from a.source where n < 9' }

/** How many sessions run the build of the slow view now. */
async function countBuilds(world: RedshiftWorld): Promise<number> {
  const [row] = await world.sql<{ n: string }>(
    // Neither this statement itself, nor the one that only tries what it would make.
    `select count(*) as n from stv_recents where status = 'Running'
     and query like '%numbers__duro_new%pg!_sleep%' escape '!' and query not like '%as tried where false%'`,
  )
  return Number(row?.n)
}

/** Kills a refresh while the server builds for it, and lets it lose its lock. */
async function killWhileBuilding(world: RedshiftWorld): Promise<void> {
  await world.project.update(slow)
  const running = startDuro(['refresh', '--database', world.url], { cwd: world.project.root })
  const ended = running.result.then((result) => {
    throw new Error(`it was not killed:\n${result.stderr}`)
  })
  const building = (async () => {
    while ((await countBuilds(world)) === 0) await sleep(100)
  })()
  await Promise.race([building, ended])
  ended.catch(() => undefined)
  running.kill('SIGKILL')
  await running.result
  await world.sql('update duro.run_lock set expires_at = getdate()')
  await world.project.update(files)
}

describe.skipIf(clusterUrl !== null)('what a run that was killed was doing on the server', () => {
  test('is ended by the next run before it builds', async () => {
    const world = await makeRedshiftWorld(sources, files)
    await world.refresh()
    await killWhileBuilding(world)
    expect(await countBuilds(world)).toBe(1)
    const { events } = await world.refresh('--force')
    expect(events).toContainEqual({
      type: 'notice',
      message: expect.stringMatching(
        /^ended (a session|\d sessions) of a run that was killed, on the server$/,
      ),
    })
    expect(await countBuilds(world)).toBe(0)
    expect(await leftBy(world)).toEqual([])
    expect(await world.sql('select * from duro.run_sessions')).toEqual([])
  })

  test('but not a session that has its number since, nor one of anybody else', async () => {
    const world = await makeRedshiftWorld(sources, files)
    await world.refresh()
    const other = new Client({ connectionString: world.url })
    await other.connect()
    onTestFinished(() => other.end())
    const { rows } = await other.query<{ pid: number }>('select pg_backend_pid() as pid')
    await world.sql(
      `insert into duro.run_sessions values ('killed', ${rows[0]?.pid}, dateadd(minute, -1, getdate()))`,
    )
    const { events } = await world.refresh('--force')
    expect(events.filter(({ type }) => type === 'notice')).toEqual([])
    expect((await other.query('select 1 as n')).rows).toEqual([{ n: 1 }])
    expect(await world.sql('select * from duro.run_sessions')).toEqual([])
  })
})
