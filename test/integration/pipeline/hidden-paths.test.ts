import { expect, test } from 'vitest'

import { makeWorld, type World } from '../../support/world.ts'

const files = { 'views/first/cities.sql': 'select 1 as id', 'views/first/reader.yaml': 'tags: [reader]' }

const cities = `(select id from first.cities)`
const atomic = `create function cities_now() returns setof int begin atomic select id from first.cities; end`

async function hidden(world: World, name = 'first.reader'): Promise<unknown> {
  const { stdout } = await world.duro(['--json', 'plan', name])
  return JSON.parse(stdout).hidden
}

/** `first.cities` is there; then the sources are made, and then `first.reader`. */
async function withReader(sources: string, select: string, built: boolean): Promise<World> {
  const world = await makeWorld('', { ...files, 'views/first/reader.sql': 'select 1 as id' })
  await world.refresh()
  await world.sql(sources)
  await world.project.update({ 'views/first/reader.sql': select })
  if (built) await world.refresh('first.reader')
  return world
}

test.each([
  ['a plain view', `create view source as ${cities}`, 'select id from source', 'source', false],
  [
    'two of them',
    `create view a as ${cities}; create view b as table a`,
    'table public.b',
    'public.b',
    false,
  ],
  ['a materialized view', `create materialized view source as ${cities}`, 'table source', 'source', false],
  [
    'a function in a plain view',
    `${atomic}; create view source as select cities_now() as id`,
    'select id from source',
    'source',
    false,
  ],
  // Until the view is there the catalog knows nothing of what it calls.
  ['a function that the view calls', atomic, 'select cities_now() as id', 'public.cities_now()', true],
  [
    'a function that calls one',
    `${atomic}; create function outer_one() returns setof int begin atomic select cities_now(); end`,
    'select id from outer_one() as id',
    'public.outer_one()',
    true,
  ],
])(
  '%s that reads a managed view is told, until depends_on says so',
  async (_, sources, select, source, built) => {
    const world = await withReader(sources, select, built)
    expect(await hidden(world)).toEqual([{ view: 'first.reader', source, reads: 'first.cities' }])
    expect((await world.duro(['plan', 'first.reader'])).stdout).toContain(
      `first.reader reads ${source}, which reads first.cities: set depends_on: [first.cities] for first.reader`,
    )
    await world.project.update({ 'views/first/reader.yaml': 'depends_on: [first.cities]' })
    expect(await hidden(world)).toEqual([])
  },
)

test('what a view names itself, and functions that read no managed view, are not told', async () => {
  const world = await makeWorld(
    `create table source as select 1 as id;
     create function ids() returns setof int begin atomic select id from source; end`,
    { ...files, 'views/first/reader.sql': 'select c.id, ids() as other from first.cities as c' },
  )
  await world.refresh()
  expect(await hidden(world)).toEqual([])
})
