import { afterAll, beforeAll, expect, test } from 'vitest'

import { granted, keysOf } from '../../support/redshift/attributes.ts'
import { differencesByHand } from '../../support/redshift/differences-by-hand.ts'
import type { FixtureWorld } from '../../support/redshift/fixture-world.ts'
import { leftBy, relationsOf } from '../../support/redshift/relations.ts'
import { succeed, totals, zeros } from './told.ts'

/** All that is done with fixtures/cities-redshift, wherever it is. */
export function tellOfCities(make: () => Promise<FixtureWorld>): void {
  let world: FixtureWorld
  beforeAll(async () => {
    world = await make()
  })
  afterAll(() => world?.stop())

  test('a refresh gives in each of seven views what its select gives by hand', async () => {
    await succeed(world, 'refresh')
    const differences = await differencesByHand(world.url, world.root, world.env)
    expect(Object.keys(differences)).toHaveLength(7)
    expect(differences).toEqual(zeros(differences))
    expect(await world.sql(`select shop_name from second.payroll where shop = 6`)).toEqual([
      { shop_name: 'Back\\slash' },
    ])
  })

  test('and again after changes, with the totals before and after', async () => {
    await world.apply('02_changes.sql')
    expect(totals(await succeed(world, '--json', 'refresh', '--force'))).toMatchObject({
      'first.cities rows': { before: '5', after: '6' },
      'first.cities inhabitants': { before: '8127000', after: '8266000' },
      'second.payroll total': { before: '19200.75', after: '23100.80' },
    })
    const differences = await differencesByHand(world.url, world.root, world.env)
    expect(differences).toEqual(zeros(differences))
    await succeed(world, 'validate')
  })

  test('grants and keys are those of the settings', async () => {
    expect(await granted(world, 'first', 'cities')).toEqual(['group cities_reader'])
    expect(await granted(world, 'first', 'people')).toEqual(['group cities_analyst'])
    expect(await granted(world, 'second', 'city_overview')).toEqual([
      'group cities_analyst',
      'group cities_reader',
    ])
    expect(await keysOf(world, 'first', 'cities')).toEqual({ style: 8, country: 'sort 1', id: 'sort 2' })
    expect(await keysOf(world, 'first', 'people')).toEqual({ style: 1, shop: 'dist sort 1', id: 'sort 2' })
    expect(await keysOf(world, 'first', 'shops')).toMatchObject({ city: 'sort 1', id: 'sort -2' })
  })

  test('the versions before become live again', async () => {
    await succeed(world, 'swap', '--back')
    expect(await world.sql('select count(*)::integer as n from first.cities')).toEqual([{ n: 5 }])
    expect(await world.sql("select * from second.city_overview where name = 'Bern'")).toEqual([])
  })

  test('after cleanup nothing is left', async () => {
    await succeed(world, 'cleanup')
    expect(await leftBy(world)).toEqual([])
    expect((await relationsOf(world)).filter((name) => !name.startsWith('source.'))).toEqual([
      'first.cities',
      'first.countries',
      'first.people',
      'first.shops',
      'second.child',
      'second.city_overview',
      'second.payroll',
    ])
  })
}
