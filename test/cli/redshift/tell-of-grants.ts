import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'
import * as z from 'zod'

import { granted, keysOf } from '../../support/redshift/attributes.ts'
import type { Bucket } from '../../support/redshift/bucket.ts'
import { differencesByHand } from '../../support/redshift/differences-by-hand.ts'
import type { FixtureWorld } from '../../support/redshift/fixture-world.ts'
import { refusedByGrammar } from '../../support/redshift/refused-by-grammar.ts'
import { idOf, leftBy, relationsOf } from '../../support/redshift/relations.ts'
import { succeed, totals, zeros } from './told.ts'

export interface Grants {
  world: FixtureWorld
  bucket: Bucket
}

const described = z.object({
  statements: z.array(z.object({ sql: z.string() })),
})

const views = [
  ['grants', 'all_donations'],
  ['grants', 'all_matching'],
  ['grants', 'applications'],
  ['grants', 'applications_payouts'],
  ['grants', 'donations'],
  ['grants', 'indexer_matching'],
  ['grants', 'round_roles'],
  ['grants', 'rounds'],
  ['leaderboard', 'allo_gmv_leaderboard_events'],
  ['leaderboard', 'imported_events'],
] as const

/** All that is done with fixtures/grants-redshift, wherever it is. */
export function tellOfGrants(make: () => Promise<Grants>): void {
  let world: FixtureWorld
  let bucket: Bucket
  beforeAll(async () => {
    ;({ world, bucket } = await make())
  })
  afterAll(() => world?.stop())

  const liveIds = () => Promise.all(views.map(([schema, name]) => idOf(world, schema, name)))
  const donations = async () =>
    (await world.sql('select count(*) as rows, sum(amount_in_usd) as usd from grants.donations'))[0]
  const expectByHand = async (): Promise<void> => {
    const differences = await differencesByHand(world.url, world.root, world.env)
    expect(Object.keys(differences)).toHaveLength(10)
    expect(differences).toEqual(zeros(differences))
  }

  test('the setup makes rows of every kind', async () => {
    expect(
      await world.sql(
        `select
           (select count(*)::integer from indexer.donations) as donations,
           (select count(*) from indexer.applications where metadata is null) > 0 as has_silent_projects,
           (select count(*) from indexer.rounds where matching_distribution = '[]') > 0 as has_empty_pools,
           (select max(json_array_length(matching_distribution)) from indexer.rounds) > 3 as has_pools,
           (select count(*) from archive.donations where chain_id = 424) > 0 as has_archive`,
      ),
    ).toEqual([
      {
        donations: 1000,
        has_silent_projects: true,
        has_empty_pools: true,
        has_pools: true,
        has_archive: true,
      },
    ])
  })

  test('plan names the ten views and makes nothing', async () => {
    const before = await relationsOf(world)
    const plan = await succeed(world, 'plan')
    expect(plan).toContain('10 views to build')
    expect((await world.run('plan', '--check')).code).toBe(10)
    expect(await relationsOf(world)).toEqual(before)
  })

  test('plan --sql prints what Redshift’s grammar reads, and no keys', async () => {
    const { statements } = described.parse(JSON.parse(await succeed(world, '--json', 'plan', '--sql')))
    expect(refusedByGrammar(statements)).toEqual([])
    const sql = statements.map((statement) => statement.sql)
    expect(sql).toContainEqual(
      expect.stringContaining(
        'create table grants.donations__duro_new distkey(donor_address) compound sortkey(donated_at) as\n',
      ),
    )
    expect(
      sql.filter((statement) => statement.includes('copy leaderboard.imported_events__duro_new')),
    ).toHaveLength(1)
    expect(
      sql.filter((statement) => statement.includes('copy grants.applications_payouts__duro_new')),
    ).toHaveLength(1)
    expect(await bucket.keys()).toEqual([])
  })

  test('a refresh gives in each of ten views what its select gives by hand', async () => {
    await succeed(world, 'refresh')
    await expectByHand()
    expect(await bucket.keys()).toEqual([])
    expect(await leftBy(world)).toEqual([])
  })

  test('what a program wrote came through the bucket as it was', async () => {
    expect(
      await world.sql(
        `select count(*)::integer as rows, count(project)::integer as projects, count(amount_usd)::integer as amounts
         from leaderboard.imported_events`,
      ),
    ).toEqual([{ rows: 63, projects: 58, amounts: 62 }])
    expect(
      await world.sql(
        'select platform, project, amount_usd, occurred_at::varchar as at from leaderboard.imported_events where line = 2',
      ),
    ).toEqual([
      { platform: 'Kırmızı', project: 'Partner "2", Ltd', amount_usd: '7.500000', at: '2022-03-01 02:00:00' },
    ])
    expect(
      await world.sql(
        `select count(*) as wrong from grants.applications_payouts
         where payment_url <> case chain_id when 10 then 'https://optimistic.etherscan.io' when 137 then 'https://polygonscan.com'
           when 424 then 'https://explorer.publicgoods.network' when 8453 then 'https://basescan.org'
           when 42161 then 'https://arbiscan.io' else 'https://etherscan.io' end || '/tx/' || transaction_hash`,
      ),
    ).toEqual([{ wrong: '0' }])
  })

  test('what is fresh is not built again', async () => {
    expect((await world.run('plan', '--check')).code).toBe(0)
    const before = await liveIds()
    await succeed(world, 'refresh')
    expect(await liveIds()).toEqual(before)
  })

  test('a refresh after new donations came in tells the totals before and after', async () => {
    const before = await donations()
    await world.apply('04_new_donations.sql')
    const { 'grants.donations': stale } = await differencesByHand(world.url, world.root, world.env)
    // Five new and one in its new form are missing, that one in its old form is too many, and five rows are too few.
    expect(stale).toBe(6 + 1 + 5)
    const told = totals(await succeed(world, '--json', 'refresh', '--force'))
    const after = await donations()
    expect(Number(after?.['rows']) - Number(before?.['rows'])).toBe(5)
    expect(told).toMatchObject({
      'grants.donations rows': { before: before?.['rows'] as unknown, after: after?.['rows'] as unknown },
      'grants.donations amount_in_usd': {
        before: before?.['usd'] as unknown,
        after: after?.['usd'] as unknown,
      },
    })
    await expectByHand()
    expect(await bucket.keys()).toEqual([])
  })

  test('grants and keys are those of the settings', async () => {
    expect(await granted(world, 'grants', 'rounds')).toEqual(['group grants_reader'])
    for (const [schema, name] of [views[0], views[8], views[9]]) {
      expect(await granted(world, schema, name)).toEqual(['group grants_analyst', 'group grants_reader'])
    }
    expect(await keysOf(world, 'grants', 'rounds')).toEqual({ style: 8, donations_end_time: 'sort 1' })
    expect(await keysOf(world, 'grants', 'indexer_matching')).toEqual({ style: 0 })
    expect(await keysOf(world, 'grants', 'all_donations')).toEqual({
      style: 1,
      donor_address: 'dist sort 2',
      donated_at: 'sort 1',
    })
    expect(await keysOf(world, 'grants', 'applications_payouts')).toEqual({
      style: 1,
      chain_id: 'sort 1',
      round_id: 'dist sort 2',
      application_id: 'sort 3',
    })
    expect(await keysOf(world, 'leaderboard', 'allo_gmv_leaderboard_events')).toMatchObject({
      address: 'dist sort 1',
      occurred_at: 'sort -2',
    })
    expect(
      await world.sql(
        `select d.description from pg_description d
         join pg_class c on c.oid = d.objoid join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = 'grants' and c.relname = 'rounds' and d.objsubid = 0`,
      ),
    ).toEqual([{ description: 'Funding rounds of all chains' }])
  })

  test('validate finds what was published', async () => {
    const validated = await succeed(world, '--json', 'validate')
    expect(totals(validated)['grants.donations rows']?.after).toBe((await donations())?.['rows'])
  })

  test('the versions before become live again, and the new ones after them', async () => {
    const now = await donations()
    await succeed(world, 'swap', '--back')
    expect(Number(now?.['rows']) - Number((await donations())?.['rows'])).toBe(5)
    await succeed(world, 'swap')
    expect(await donations()).toEqual(now)
  })

  test('a data test that fails leaves the live versions as they are', async () => {
    const before = await liveIds()
    await world.sql(
      `insert into indexer.donations
       select '0xbad', chain_id, round_id, application_id, project_id, donor_address, recipient_address, '0xbad', block_number,
         token_address, -1, 0, donated_at
       from indexer.donations where chain_id = 10 order by id limit 1`,
    )
    const { code, stderr } = await world.run('refresh', '--force')
    expect(code).toBe(1)
    expect(stderr).toContain('views/grants/donations_test.sql')
    expect(stderr).toContain('no_negative_amount')
    expect(await liveIds()).toEqual(before)
    expect(await bucket.keys()).toEqual([])
    await world.sql("delete from indexer.donations where id = '0xbad'")
  })

  test('an import that fails leaves them, too, and says what its program said', async () => {
    const before = await liveIds()
    const program = join(world.root, 'views', 'leaderboard', 'import-events.mjs')
    const text = await readFile(program, 'utf8')
    await writeFile(program, "console.error('the partners are away')\nprocess.exit(3)\n")
    const { code, stderr } = await world.run('refresh', 'leaderboard.imported_events')
    expect(code).toBe(1)
    expect(stderr).toContain('exit code 3')
    expect(stderr).toContain('the partners are away')
    expect(await liveIds()).toEqual(before)
    expect(await bucket.keys()).toEqual([])
    await writeFile(program, text)
  })

  test('history has the runs, and the dated copies of a view', async () => {
    const { runs } = JSON.parse(await succeed(world, '--json', 'history'))
    expect(runs).toMatchObject([
      { outcome: 'failed', published: 0 },
      { outcome: 'failed', published: 0 },
      { outcome: 'published', built: 10, published: 10 },
      { outcome: 'nothing-to-do' },
      { outcome: 'published', built: 10, published: 10 },
    ])
    expect(await succeed(world, 'history', 'grants.all_matching')).toMatch(/\d{4}-\d{2}-\d{2}/)
    expect(
      await world.sql(
        'select count(distinct snapshot_timestamp)::integer as copies, count(*) > 0 as filled from grants.all_matching_history',
      ),
    ).toEqual([{ copies: 1, filled: true }])
  })

  test('after cleanup nothing is left but the views, and no output had a key', async () => {
    await succeed(world, 'cleanup')
    expect(await leftBy(world)).toEqual([])
    expect(await world.sql('select * from duro.relations')).toEqual([])
    expect((await relationsOf(world)).filter((name) => /^(grants|leaderboard)\./.test(name))).toEqual(
      [...views.map(([schema, name]) => `${schema}.${name}`), 'grants.all_matching_history'].toSorted(),
    )
    expect(await bucket.keys()).toEqual([])
    expect(world.printed()).toContain('published 10 views')
    expect(bucket.secrets.filter((secret) => world.printed().includes(secret))).toEqual([])
  })
}
