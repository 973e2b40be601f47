import { afterEach, expect, test } from 'vitest'

import { query, useDatabase } from '../../support/database.ts'
import { refresh, duro } from '../../support/duro.ts'
import { writeProject, type TestProject } from '../../support/project.ts'
import { redshiftYaml } from '../../support/redshift/redshift-world.ts'
import { startStandIn, type StandIn } from '../../support/redshift/start-stand-in.ts'

const database = useDatabase()
let opened: { standIn: StandIn; project: TestProject } | null = null
afterEach(async () => {
  await opened?.standIn.close()
  await opened?.project.cleanup()
})

/** A stand-in before a database with settings of its own, and a project for it. */
async function open(...settings: string[]): Promise<{ url: string; project: TestProject }> {
  const name = new URL(database.url).pathname.slice(1)
  for (const setting of settings) await query(database.url, `alter database ${name} set ${setting}`)
  const standIn = await startStandIn({ upstream: database.url })
  const project = await writeProject({ 'duro.yaml': redshiftYaml, 'views/a/one.sql': 'select 1 as n' })
  opened = { standIn, project }
  return { url: standIn.url(), project }
}

test('a user who has dates and times in another style has the same history', async () => {
  const { url, project } = await open("datestyle to 'German'", "timezone to 'Pacific/Kiritimati'")
  await refresh(project, url, ['--force'])
  const { events } = await refresh(project, url, [])
  expect(events).toContainEqual(
    expect.objectContaining({ type: 'run-finished', outcome: 'nothing-to-do', published: [] }),
  )
  const { code, stdout } = await duro(project, url, ['history'])
  expect([code, stdout]).toEqual([0, expect.not.stringMatching(/NaN|Invalid/)])
})

const letLockLast = (seconds: number): Promise<unknown> =>
  query(
    database.url,
    `update duro.run_lock set owner = 'other', expires_at = now() at time zone 'utc' + interval '${seconds} s'`,
  )

test.each(['Pacific/Kiritimati', 'Pacific/Midway'])(
  'the lock of a run lasts as long for a user in another zone: %s',
  async (zone) => {
    const { url, project } = await open(`timezone to '${zone}'`)
    await refresh(project, url, ['--force'])
    await letLockLast(30)
    expect((await duro(project, url, ['refresh'])).code).toBe(4)
    await letLockLast(-1)
    expect((await duro(project, url, ['refresh'])).code).toBe(0)
  },
)
