import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { load, settingsOfCities } from './load.ts'

const NOTHING = {
  interval: null,
  materialized: 'view',
  grantSelect: null,
  indexes: [],
  totals: {},
  limits: {},
  tests: [],
  tags: [],
  dependsOn: [],
  description: null,
  columns: {},
  timeout: null,
  snapshotsInterval: null,
  snapshotsStoredFor: null,
  distkey: null,
  diststyle: null,
  sortkey: null,
  backup: true,
  processor: null,
  import: null,
  env: [],
}

/** The files in which the settings of first.cities may stand, the weakest first; duro.yaml is below them. */
const LEVELS = [
  'views/global.yaml',
  'views/first.yaml',
  'views/first/first.yaml',
  'views/first.cities.yaml',
  'views/first/cities.yaml',
]

test('what nobody says has its default', async () => {
  expect(await settingsOfCities({})).toEqual(NOTHING)
})

test('everything that a view may say', async () => {
  const yaml = `
interval: 1h
materialized: table
grant_select: [reporter]
indexes:
  - { columns: [customer], unique: true, include: [name], method: btree }
  - { columns: ["lower(name)"], where: "total > 5", name: sales_by_name }
totals: { amount: sum(total) }
limits: { amount: { max_decrease: 5%, max_increase: 1000 }, rows: { max_decrease: 0 } }
tests:
  not_null: [customer]
  unique: [[customer], [year, month]]
  accepted_values: { status: [new, 1, 1.5, true, "2", 007, 12345678901234567890, 0.1234567890123456789] }
  relationships: [{ column: customer, to: first.people, field: id }]
tags: [finance, 2024]
depends_on: [first.people]
description: Where people live
columns: { customer: Who bought }
timeout: 30s
snapshots_interval: 1d
snapshots_stored_for: 4w
processor: [node, a.mjs]
env: TOKEN, OTHER
`
  const files = {
    'views/first/cities.yaml': yaml,
    'views/first/cities.sql': 'create table cities ()',
    'views/first/cities_select.sql': 'select 1',
  }
  expect(await settingsOfCities(files)).toEqual({
    interval: 3_600_000,
    materialized: 'table',
    grantSelect: ['reporter'],
    indexes: [
      { columns: ['customer'], unique: true, include: ['name'], where: null, method: 'btree', name: null },
      {
        columns: ['lower(name)'],
        unique: false,
        include: [],
        where: 'total > 5',
        method: null,
        name: 'sales_by_name',
      },
    ],
    totals: { amount: 'sum(total)' },
    limits: {
      amount: { maxDecrease: { value: 5, unit: 'percent' }, maxIncrease: { value: 1000, unit: 'absolute' } },
      rows: { maxDecrease: { value: 0, unit: 'absolute' }, maxIncrease: null },
    },
    tests: [
      { kind: 'not_null', column: 'customer' },
      { kind: 'unique', columns: ['customer'] },
      { kind: 'unique', columns: ['year', 'month'] },
      {
        kind: 'accepted_values',
        column: 'status',
        values: ['new', 1, 1.5, true, '2', 7, '12345678901234567890', '0.1234567890123456789'],
      },
      { kind: 'relationships', column: 'customer', to: 'first.people', field: 'id' },
    ],
    tags: ['finance', '2024'],
    dependsOn: ['first.people'],
    description: 'Where people live',
    columns: { customer: 'Who bought' },
    timeout: 30_000,
    snapshotsInterval: 86_400_000,
    snapshotsStoredFor: 28 * 86_400_000,
    distkey: null,
    diststyle: null,
    sortkey: null,
    backup: true,
    processor: ['node', 'a.mjs'],
    import: null,
    env: ['TOKEN', 'OTHER'],
  })
})

describe('levels', () => {
  test('the nearer one wins', async () => {
    const files: Record<string, string> = { 'duro.yaml': 'defaults: { description: duro.yaml }' }
    expect(await settingsOfCities(files)).toMatchObject({ description: 'duro.yaml' })
    for (const level of LEVELS) {
      files[level] = `description: ${level}`
      expect(await settingsOfCities(files)).toMatchObject({ description: level })
    }
  })

  test('a setting comes from the nearest level that has it, and null is the default', async () => {
    const says = fc.option(fc.constantFrom('a', 'b', 'null'), { nil: undefined })
    await fc.assert(
      fc.asyncProperty(fc.tuple(says, says, says, says, says, says), async ([lowest, ...levels]) => {
        const files: Record<string, string> = {
          'duro.yaml': `defaults: { description: ${lowest ?? 'null'} }`,
        }
        for (const [index, level] of LEVELS.entries()) {
          if (levels[index] !== undefined) files[level] = `description: ${levels[index]}\n`
        }
        const nearest = [lowest, ...levels].findLast((said) => said !== undefined)
        const expected = nearest === undefined || nearest === 'null' ? null : nearest
        expect((await settingsOfCities(files)).description).toBe(expected)
      }),
      { numRuns: 30 },
    )
  })

  test("the interval in the file's name goes before what is inherited", async () => {
    const { views } = await load({
      'views/first/cities — 24h.sql': 'select 1',
      'views/first/people.sql': 'select 1',
      'views/first.yaml': 'interval: 1h',
    })
    expect(views.get('first.cities')?.settings.interval).toBe(86_400_000)
    expect(views.get('first.people')?.settings.interval).toBe(3_600_000)
  })

  test('first/first.yaml is for the view where there is one, else for the schema', async () => {
    const files = { 'views/first/first.yaml': 'tags: x', 'views/first/cities.sql': 'select 1' }
    expect((await load(files)).views.get('first.cities')?.settings.tags).toEqual(['x'])
    const { views } = await load({ ...files, 'views/first/first.sql': 'select 1' })
    expect(views.get('first.cities')?.settings.tags).toEqual([])
    expect(views.get('first.first')?.settings.tags).toEqual(['x'])
  })

  test('one schema inherits nothing from another', async () => {
    const { views } = await load({
      'views/first/a.sql': 'select 1',
      'views/second/a.sql': 'select 1',
      'views/first.conf': 'tags = x',
    })
    expect(views.get('second.a')?.settings.tags).toEqual([])
  })
})

describe('objects are merged key by key, lists are replaced', () => {
  test('totals, limits, columns and tests', async () => {
    const settings = await settingsOfCities({
      'views/global.yaml': `
totals: { a: sum(a), b: sum(b), c: sum(c) }
limits: { a: { max_decrease: 1, max_increase: 2 }, rows: { max_decrease: 3 } }
columns: { x: global, y: global }
tests: { not_null: [x], unique: [x], accepted_values: { x: [1], y: [2] } }
indexes: [x]
depends_on: first.people
`,
      'views/first/cities.yaml': `
totals: { b: max(b), c: null }
limits: { a: { max_increase: null }, rows: null }
columns: { y: cities }
tests: { not_null: [y], unique: null, accepted_values: { y: [3] } }
indexes: [y, z]
`,
    })
    expect(settings).toMatchObject({
      totals: { a: 'sum(a)', b: 'max(b)' },
      limits: { a: { maxDecrease: { value: 1, unit: 'absolute' }, maxIncrease: null } },
      columns: { x: 'global', y: 'cities' },
      tests: [
        { kind: 'not_null', column: 'y' },
        { kind: 'accepted_values', column: 'x', values: [1] },
        { kind: 'accepted_values', column: 'y', values: [3] },
      ],
      indexes: [{ columns: ['y'] }, { columns: ['z'] }],
      dependsOn: ['first.people'],
    })
    expect(Object.keys(settings.totals)).toEqual(['a', 'b'])
    expect(Object.keys(settings.limits)).toEqual(['a'])
  })

  test('null resets every setting', async () => {
    const everything = `
interval: 1h
materialized: table
grant_select: [a]
indexes: [a]
totals: { a: sum(a) }
limits: { a: { max_decrease: 1 } }
tests: { not_null: a }
tags: a
depends_on: a.b
description: a
columns: { a: b }
timeout: 1s
processor: [a]
env: A
`
    const resets = everything.replace(/:.*/g, ':')
    const files = { 'views/global.yaml': everything, 'views/first/cities.yaml': resets }
    expect(await settingsOfCities(files)).toEqual(NOTHING)
  })

  test('a limit that is inherited holds where its total is', async () => {
    const { views } = await load({
      'views/global.yaml': 'limits: { amount: { max_decrease: 5% }, rows: { max_decrease: 5% } }',
      'views/first/a.sql': 'select 1',
      'views/first/a.yaml': 'totals: { amount: sum(a) }',
      'views/first/b.sql': 'select 1',
    })
    expect(Object.keys(views.get('first.a')?.settings.limits ?? {})).toEqual(['amount', 'rows'])
    expect(Object.keys(views.get('first.b')?.settings.limits ?? {})).toEqual(['rows'])
  })
})

describe('grant_select and tags', () => {
  test.each<[string, string, readonly string[] | null]>([
    ['[a, b]', '[+c, -a]', ['b', 'c']],
    ['[a, b]', '[c]', ['c']],
    ['[a, b]', '[c, +d]', ['c', 'd']],
    ['[a, b]', '[+d, c]', ['c', 'd']],
    ['[a, b]', '[]', []],
    ['[a]', '[-a]', []],
    ['[a]', '[-b]', ['a']],
    ['[a]', '[+a]', ['a']],
    ['[a]', '[-b, +b]', ['a', 'b']],
    ['[a]', '[+b, -b]', ['a']],
    ['[a]', 'null', null],
    ['null', '[+b]', ['b']],
    ['null', '[-b]', null],
    ['[-b]', '[-c]', null],
    ['[a]', '+b, -a', ['b']],
    ['[a, a]', '[+b, +b]', ['a', 'b']],
    ['[007]', '[+1.10]', ['007', '1.10']],
  ])('%s and then %s', async (inherited, own, expected) => {
    const settings = await settingsOfCities({
      'views/first.yaml': `grant_select: ${inherited}\ntags: ${inherited}`,
      'views/first/cities.yaml': `grant_select: ${own}\ntags: ${own}`,
    })
    expect(settings.grantSelect).toEqual(expected)
    expect(settings.tags).toEqual(expected ?? [])
  })

  test('adding and taking away, on any number of levels, is what a set would do', async () => {
    const edits = fc.array(fc.tuple(fc.constantFrom('+', '-'), fc.constantFrom('a', 'b', 'c')), {
      maxLength: 4,
    })
    await fc.assert(
      fc.asyncProperty(fc.array(edits, { minLength: 5, maxLength: 5 }), async (levels) => {
        const files: Record<string, string> = { 'duro.yaml': 'defaults: { grant_select: [a, b] }' }
        const roles = new Set(['a', 'b'])
        for (const [index, edit] of levels.entries()) {
          if (edit.length === 0) continue
          files[LEVELS[index] ?? ''] = `grant_select: [${edit.map((item) => item.join('')).join(', ')}]`
          for (const [sign, role] of edit) {
            if (sign === '+') roles.add(role)
            else roles.delete(role)
          }
        }
        expect((await settingsOfCities(files)).grantSelect).toEqual([...roles])
      }),
      { numRuns: 30 },
    )
  })
})
