import { describe, expect, test } from 'vitest'
import { load, problemsIn } from './load.ts'

const cities = { 'views/first/cities.sql': 'select 1 as id' }

/** What is wrong with the settings of a view, whose SQL both grammars read. */
const problems = (engine: 'postgres' | 'redshift', settings: string): Promise<string[]> =>
  problemsIn({ ...cities, 'views/first/cities.yaml': settings }, { engine })

describe('settings for the other engine', () => {
  test.each(['distkey: id', 'diststyle: even', 'sortkey: id', 'backup: false'])(
    '%s is refused on PostgreSQL',
    async (setting) => {
      expect(await problems('postgres', setting)).toEqual([
        expect.stringMatching(/:1:1 \w+ is for Amazon Redshift, and this is PostgreSQL \(.*engine: redshift/),
      ])
    },
  )

  test.each(['indexes: id', 'materialized: view'])('%s is refused on Redshift', async (setting) => {
    expect(await problems('redshift', setting)).toEqual([expect.stringContaining(':1:1 ')])
  })

  test('null is none, and may take away what is inherited', async () => {
    const files = { ...cities, 'views/first.yaml': 'indexes: id', 'views/first/cities.yaml': 'indexes: null' }
    expect(await problemsIn(files, { engine: 'redshift' })).toEqual([])
    expect(await problems('postgres', 'distkey: null')).toEqual([])
  })
})

describe('keys that contradict each other', () => {
  test.each([
    ['sortkey: { compound: a, interleaved: b }', 'sortkey is either compound or interleaved'],
    ['diststyle: none', 'diststyle must be auto, even, all or key'],
    ['diststyle: key', 'first.cities has diststyle key, and no distkey'],
    ['distkey: id\ndiststyle: even', 'first.cities has a distkey, and diststyle even'],
    [
      'materialized: none\nsortkey: id',
      'first.cities is a plain view (materialized: none), which stores no rows',
    ],
  ])('%j', async (settings, complaint) => {
    expect(await problems('redshift', settings)).toEqual([expect.stringContaining(complaint)])
  })
})

describe('on Redshift', () => {
  test('views are tables, unless they are plain', async () => {
    const project = await load(
      {
        ...cities,
        'views/first/plain.sql': 'select 1 as id',
        'views/first/plain.yaml': 'materialized: none',
      },
      { engine: 'redshift' },
    )
    expect([...project.views.values()].map(({ settings }) => settings.materialized)).toEqual([
      'table',
      'none',
    ])
  })

  test('names are lower case, and may be longer', async () => {
    const long = 'n'.repeat(100)
    const project = await load(
      { 'views/First/Cities.sql': 'select 1', [`views/first/${long}.sql`]: 'select 1' },
      { engine: 'redshift' },
    )
    expect([...project.views.keys()]).toEqual(['first.cities', `first.${long}`])
    expect(
      await problemsIn({ [`views/first/${'n'.repeat(128)}.sql`]: 'select 1' }, { engine: 'redshift' }),
    ).toEqual([expect.stringContaining('is longer than the 127 bytes Amazon Redshift keeps')])
  })

  test('a view with a table of its own says its keys there', async () => {
    const files = {
      'views/first/cities.sql': 'create table first.cities (id int)',
      'views/first/cities_select.sql': 'select 1 as id',
      'views/first/cities.yaml': 'processor: [cat]\nsortkey: id',
    }
    expect(await problemsIn(files, { engine: 'redshift' })).toEqual([
      expect.stringContaining('sortkey of first.cities belongs into its own `create table`'),
    ])
  })

  test('a stronger sortkey replaces the weaker one as a whole', async () => {
    const project = await load(
      {
        ...cities,
        'views/first.yaml': 'sortkey: a, b',
        'views/first/cities.yaml': 'sortkey: { interleaved: c }\ndistkey: id',
      },
      { engine: 'redshift' },
    )
    expect(project.views.get('first.cities')?.settings).toMatchObject({
      sortkey: { kind: 'interleaved', columns: ['c'] },
      distkey: 'id',
      diststyle: null,
    })
  })

  test('there is no common moment', async () => {
    const { settings } = await load(cities, { engine: 'redshift' })
    expect(settings.oneInstant).toBe(false)
  })
})
