import { expect, test } from 'vitest'

import { disagreements, leftovers } from '../../support/catalog.ts'
import { dump, findPgDump } from '../../support/pg-dump.ts'
import { makeWorld, type World } from '../../support/world.ts'

const pgDump = await findPgDump()

const files = {
  'duro.yaml': 'default_interval: 1h\nkeep_previous: true\n',
  'views/first/a.sql': 'select n from source',
  'views/first/b.sql': 'select n * 10 as n from first.a',
}

/** What a dump makes has other object ids than what was dumped. Without a pg_dump it is made to look so. */
async function restore(world: World): Promise<void> {
  if (pgDump === null) {
    await world.sql(
      'update duro.relations set id = id + 1000000; update duro.views set relation = relation + 1000000',
    )
    return
  }
  const restored = await dump(pgDump, world.url, ['--inserts'])
  await world.sql(`drop table source cascade;
    do $$ declare name text; begin
      for name in select nspname from pg_namespace where nspname ~ '^(first|duro)' loop
        execute format('drop schema %I cascade', name);
      end loop; end $$`)
  await world.sql(restored)
}

test.each([
  ['an old version stands', ['refresh', '--force']],
  ['a new version waits', ['refresh', '--force', '--no-swap']],
])('a database from a dump that was taken while %s can be refreshed', async (_, args) => {
  const world = await makeWorld('create table source as select 1 as n', files)
  await world.refresh()
  expect((await world.duro([...args])).error).toBeNull()
  await restore(world)
  await world.sql('update source set n = 2')

  expect((await world.duro(['plan', '--force'])).error).toBeNull()
  await world.refresh('--force')
  expect(await world.sql('select n from first.b')).toEqual([{ n: 20 }])
  expect(await disagreements(world.url)).toEqual([])
  expect((await world.duro(['cleanup'])).error).toBeNull()
  expect(await leftovers(world.url)).toEqual([])
})

test('cleanup drops what a dump has brought, and only that', async () => {
  const world = await makeWorld('create table source as select 1 as n', files)
  await world.refresh()
  await world.refresh('--force')
  // Somebody has made it his own.
  await world.sql("comment on materialized view first__duro_old.b is 'mine now'")
  await restore(world)
  expect((await world.duro(['cleanup'])).error).toBeNull()
  // It reads what would be dropped with it.
  expect(await world.sql('select n from first__duro_old.b')).toEqual([{ n: 10 }])
  await world.sql('drop materialized view first__duro_old.b')
  expect((await world.duro(['cleanup'])).error).toBeNull()
  expect(await leftovers(world.url)).toEqual([])
})
