import { describe, expect, test } from 'vitest'

import { load, problemsIn } from './load.ts'

type Indexes = Readonly<Record<string, string>>

/** The names of all indexes, by view, of a project with these `indexes`. */
async function namesOf(indexes: Indexes, files: Readonly<Record<string, string>> = {}) {
  const { views } = await load({ ...filesOf(indexes), ...files })
  return Object.fromEntries(
    [...views].map(([name, { indexNames }]) => [name, indexNames.own.map((own) => own.name)]),
  )
}

const filesOf = (indexes: Indexes): Record<string, string> =>
  Object.fromEntries(
    Object.entries(indexes).flatMap(([name, declared]) => [
      [`views/${name}.sql`, 'select 1'],
      [`views/${name}.yaml`, `indexes: ${declared}`],
    ]),
  )

describe('a name that duro makes for an index', () => {
  test.each([
    ['[city]', 'shops_city_idx'],
    ['[{ columns: [city, year] }]', 'shops_city_year_idx'],
    ['[{ columns: ["lower(city)"] }]', 'shops_lower_city_idx'],
    ['[{ columns: [city], where: year > 2000 }]', 'shops_city_part_idx'],
    ['[{ columns: [city], name: by_city }]', 'by_city'],
  ])('of %s is %s', async (indexes, name) => {
    expect(await namesOf({ 'first.shops': indexes })).toEqual({ 'first.shops': [name] })
  })

  test('is cut within 63 bytes, and two of them stay apart', async () => {
    const long = 'ü'.repeat(40)
    const { 'first.shops': names = [] } = await namesOf({ 'first.shops': `[${long}a, ${long}b]` })
    for (const name of names) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63)
    expect(new Set(names).size).toBe(2)
    expect(await namesOf({ 'first.shops': `[${long}b]` })).toEqual({ 'first.shops': [names[1]] })
  })

  test.each<[string, Indexes]>([
    ['methods', { 'first.a': '[b, { columns: [b], method: hash }]' }],
    [
      'predicates',
      {
        'first.a':
          '[{ columns: [b], where: b > 1 }, { columns: [b], where: b < 1 }, { columns: [b], where: b = 1 }]',
      },
    ],
    ['extra columns', { 'first.a': '[{ columns: [b], include: [c] }, { columns: [b], include: [d] }]' }],
    ['nothing', { 'first.a': '[b, b, b]' }],
    ['views', { 'first.a': '[{ columns: [b, c] }]', 'first.a_b': '[c]' }],
    [
      'long names',
      { 'first.a': `[{ columns: [${'b'.repeat(70)}] }, { columns: [${'b'.repeat(70)}], method: hash }]` },
    ],
  ])('is its own where two differ in %s', async (_, indexes) => {
    const names = Object.values(await namesOf(indexes)).flat()
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63)
    expect(Object.values(await namesOf(indexes)).flat()).toEqual(names)
  })

  test('stays as it is when another one joins those that it meets, in whatever order', async () => {
    const [hash, gin, gist] = ['hash', 'gin', 'gist'].map((method) => `{ columns: [b], method: ${method} }`)
    const { 'first.a': two = [] } = await namesOf({ 'first.a': `[${hash}, ${gin}]` })
    const { 'first.a': three = [] } = await namesOf({ 'first.a': `[${gist}, ${gin}, ${hash}]` })
    expect(three.slice(1)).toEqual(two.toReversed())
  })

  test('is that of no view, of no history table and of no index that the settings name', async () => {
    const plain = 'a_b_idx'
    const alone = await namesOf({ 'first.a': '[b]', 'second.c': `[{ columns: [d], name: ${plain} }]` })
    expect(alone['first.a']).toEqual([plain])
    const others: Indexes[] = [
      { [`first.${plain}`]: '[]' },
      { 'first.c': `[{ columns: [d], name: ${plain} }]` },
    ]
    for (const other of others) {
      const names = await namesOf({ 'first.a': '[b]', ...other })
      expect(names['first.a']).toEqual([expect.stringMatching(/^a_b_idx_[0-9a-f]{8}$/)])
    }
    const copies = { 'views/first/c.sql': 'select 1', 'views/first/c.yaml': 'snapshots_interval: 1d' }
    const besides = await namesOf({ 'first.a': '[{ columns: [b], name: x }]' }, copies)
    expect(besides).toEqual({ 'first.a': ['x'], 'first.c': [] })
  })
})

describe('names that the settings give', () => {
  const named = '[{ columns: [b], name: by_b }]'
  const hint = '(Give it another name, or none: duro then makes one that nothing else in the schema has.)'

  test('are refused where two indexes of a schema have the same', async () => {
    expect(await problemsIn(filesOf({ 'first.a': named, 'first.c': named, 'second.a': named }))).toEqual([
      `views/first.c.yaml:1:33 an index of first.c is called by_b, and so is an index of first.a ${hint}`,
    ])
    const twice = '[{ columns: [b], name: by_b }, { columns: [c], name: by_b }]'
    expect(await problemsIn(filesOf({ 'first.a': twice }))).toEqual([
      `views/first.a.yaml:1:63 an index of first.a is called by_b, and so is an index of first.a ${hint}`,
    ])
  })

  test('are refused where two views inherit one', async () => {
    const views = { 'views/first/a.sql': 'select 1', 'views/first/c.sql': 'select 1' }
    expect(await problemsIn({ ...views, 'views/first.yaml': `indexes: ${named}` })).toEqual([
      `views/first.yaml:1:33 an index of first.c is called by_b, and so is an index of first.a ${hint}`,
    ])
    expect(
      await problemsIn({
        ...views,
        'views/first.yaml': `indexes: ${named}`,
        'views/first/c.yaml': 'indexes: null',
      }),
    ).toEqual([])
  })

  test.each([
    ['a', 'the view first.a'],
    ['c_history', 'the history table of first.c'],
  ])('are refused where the schema has %s', async (name, owner) => {
    const files = {
      ...filesOf({ 'first.a': `[{ columns: [b], name: ${name} }]` }),
      'views/first/c.sql': 'select 1',
      'views/first/c.yaml': 'snapshots_interval: 1d',
    }
    expect(await problemsIn(files)).toEqual([
      `views/first.a.yaml:1:33 an index of first.a is called ${name}, and so is ${owner} ${hint}`,
    ])
  })
})
