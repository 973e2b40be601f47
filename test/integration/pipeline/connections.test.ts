import { expect, onTestFinished, test } from 'vitest'

import { leftovers } from '../../support/catalog.ts'
import { duro, testFailures } from '../../support/duro.ts'
import { makeWorld } from '../../support/world.ts'

test('a role with few connections gets its views, though nobody can help it', async () => {
  const settings = 'indexes: [n, one]\ntests: { not_null: [n, one] }'
  const world = await makeWorld('create table source as select generate_series(1, 5) as n', {
    'duro.yaml': 'default_interval: 1h\nconcurrency: 1',
    'views/first/a.sql': 'select n, 1 as one from source',
    'views/first/a.yaml': settings,
    'views/first/a_test.sql': 'select count(*) = 5 as five from first.a',
    'views/first/b.sql': 'select n, 1 as one from source',
    'views/first/b.yaml': settings,
  })
  const role = await world.createRole("login password 'x' connection limit 8")
  await world.sql(`grant create on database ${new URL(world.url).pathname.slice(1)} to ${role};
    grant select on source to ${role}`)
  const ran = await duro(world.project, world.urlFor(role, 'x'), ['refresh'])
  expect(ran.error).toBeNull()
  expect(testFailures(ran)).toEqual([])
})

test.each([1, 2, 3, 4])(
  'a role that may have %i connections is told so, and nothing is left',
  async (limit) => {
    const world = await makeWorld('create table source as select 1 as n', {
      'views/first/a.sql': 'select n from source',
      'views/first/b.sql': 'select n from first.a',
    })
    const role = await world.createRole(`login password 'x' connection limit ${limit}`)
    await world.sql(`grant create on database ${new URL(world.url).pathname.slice(1)} to ${role};
    grant select on source to ${role}`)
    const ran = await duro(world.project, world.urlFor(role, 'x'), ['refresh'])
    expect(ran.error).toMatchObject({
      code: 'connection',
      hint: expect.stringContaining('`concurrency`') as unknown,
    })
    expect(ran.error?.message).toContain('has no connection left')
    expect(await leftovers(world.url)).toEqual([])
  },
)

test('much that is done at once is no leak to Node.js', async () => {
  const names = Array.from({ length: 30 }, (_, index) => `v${index}`)
  const world = await makeWorld('', {
    'duro.yaml': 'default_interval: 1h\nconcurrency: 24',
    'views/first.yaml': 'materialized: table\ntotals: { late: count(pg_sleep(0.3)) }',
    ...Object.fromEntries(names.map((name) => [`views/first/${name}.sql`, 'select 1 as n'])),
  })
  const complaints: string[] = []
  const complain = ({ name }: Error): void => void complaints.push(name)
  process.on('warning', complain)
  onTestFinished(() => void process.off('warning', complain))
  await world.refresh()
  await world.refresh('--force')
  expect(complaints).toEqual([])
})
