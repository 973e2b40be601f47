import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { applyFixture } from '../../../src/demo/apply-fixture.ts'
import { setUpCities } from '../../../src/demo/cities-setup.ts'
import { databaseUrl } from '../../../src/demo/database-url.ts'
import { startEvents, type Events } from '../../../src/demo/start-events.ts'
import { dropGrants, setUpGrants } from '../../../src/demo/grants-setup.ts'
import { disagreements, leftovers, relationIds } from '../../support/catalog.ts'
import { query, useDatabase } from '../../support/database.ts'
import { duro, refresh, testFailures, type Ran } from '../../support/duro.ts'
import { repositoryRoot } from '../../support/repository-root.ts'
import { differencesByHand } from './run-by-hand.ts'

const fixture = (name: string) => ({ root: join(repositoryRoot, 'fixtures', name) })

const totals = ({ events }: Ran) =>
  Object.fromEntries(
    events
      .flatMap((event) => (event.type === 'totals-compared' ? event.comparisons : []))
      .map(({ view, total, before, after }) => [`${view} ${total}`, { before, after }]),
  )

const zeros = (differences: Record<string, number>) =>
  Object.fromEntries(Object.keys(differences).map((name) => [name, 0]))

describe('fixtures/grants', () => {
  const database = useDatabase()
  const project = fixture('grants')
  const scale = 2000
  let events: Events
  const indexer = (): string => databaseUrl(database.adminUrl, `${database.name}_indexer`)
  beforeAll(async () => {
    await setUpGrants(database.adminUrl, { scale, target: database.name })
    events = await startEvents(scale)
  })
  afterAll(async () => {
    await events.stop()
    await dropGrants(database.adminUrl, { target: database.name })
  })

  test('a refresh gives in each of ten views what its select gives by hand', async () => {
    await refresh(project, database.url, [], events)
    const differences = await differencesByHand(database.url, project.root)
    expect(Object.keys(differences)).toHaveLength(10)
    expect(differences).toEqual(zeros(differences))
    expect(await query(database.url, 'select count(*) > 500 as many from grants.all_donations')).toEqual([
      { many: true },
    ])
    expect(await leftovers(database.url)).toEqual([])
    expect(await disagreements(database.url)).toEqual([])
  })

  test('and again after new donations came in, with the totals before and after', async () => {
    const counted = `select count(*)::text as rows, sum(amount_in_usd)::text as amount_in_usd from grants.donations`
    const [before] = await query(database.url, counted)
    await applyFixture(indexer(), 'grants/setup/04_new_donations.sql')
    const ran = await refresh(project, database.url, ['--force'], events)
    const [after] = await query(database.url, counted)
    expect(after?.['rows']).not.toBe(before?.['rows'])
    expect(totals(ran)).toMatchObject({
      'grants.donations rows': { before: before?.['rows'] as unknown, after: after?.['rows'] as unknown },
      'grants.donations amount_in_usd': {
        before: before?.['amount_in_usd'] as unknown,
        after: after?.['amount_in_usd'] as unknown,
      },
    })
    const differences = await differencesByHand(database.url, project.root)
    expect(differences).toEqual(zeros(differences))
    expect(await disagreements(database.url)).toEqual([])
  })

  test('an import without addresses is refused, with the test and rows that show it', async () => {
    const before = await relationIds(database.url)
    events.breakThem()
    const ran = await duro(project, database.url, ['refresh', '--force'], events)
    expect(ran.code).toBe(1)
    expect(ran.error?.message).toBe('leaderboard.allo_gmv_leaderboard_events failed a data test')
    const failures = testFailures(ran)
    expect(failures).toMatchObject([
      {
        view: 'leaderboard.allo_gmv_leaderboard_events',
        failure: { test: 'not_null(address)', message: 'address is null' },
      },
    ])
    expect(failures[0]?.failure.samples).toHaveLength(5)
    expect(failures[0]?.failure.samples[0]).toMatchObject({ platform: 'Giveth', address: null })
    expect(await relationIds(database.url)).toEqual(before)
    expect(await leftovers(database.url)).toEqual([])
    expect(await disagreements(database.url)).toEqual([])
  })

  test('and once it is repaired the leaderboard is published again', async () => {
    events.repairThem()
    const ran = await refresh(project, database.url, ['leaderboard.*'], events)
    expect(ran.events).toContainEqual(
      expect.objectContaining({
        published: ['leaderboard.imported_events', 'leaderboard.allo_gmv_leaderboard_events'],
      }),
    )
    expect((await duro(project, database.url, ['validate'])).error).toBeNull()
  })
})

describe('fixtures/cities', () => {
  const database = useDatabase()
  const project = fixture('cities')
  beforeAll(() => setUpCities(database.adminUrl, { target: database.name }))

  test('a refresh gives in each of seven views what its select gives by hand, also after changes', async () => {
    await refresh(project, database.url)
    const differences = await differencesByHand(database.url, project.root)
    expect(Object.keys(differences)).toHaveLength(7)
    expect(differences).toEqual(zeros(differences))
    await applyFixture(database.url, 'cities/setup/02_changes.sql')
    const ran = await refresh(project, database.url, ['--force'])
    expect(totals(ran)).toMatchObject({
      'first.cities rows': { before: '5', after: '6' },
      'first.cities inhabitants': { before: '8127000', after: '8266000' },
    })
    expect(await differencesByHand(database.url, project.root)).toEqual(zeros(differences))
    expect(await leftovers(database.url)).toEqual([])
    expect(await disagreements(database.url)).toEqual([])
  })
})
