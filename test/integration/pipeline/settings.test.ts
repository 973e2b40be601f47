import { describe, expect, test } from 'vitest'

import { leftovers } from '../../support/catalog.ts'
import { warnings } from '../../support/duro.ts'
import { makeWorld, type World } from '../../support/world.ts'

const sources = `create table source as
  select n as id, 'Name ' || n as name, n % 3 as kind, array[n, n + 1] as tags from generate_series(1, 500) n`
const select = { 'views/first/base.sql': 'select id, name, kind, tags from source' }

/** Definitions of the indexes of first.base by name, without `on first.base`. */
async function indexes(world: World): Promise<Record<string, string>> {
  const rows = await world.sql<{ name: string; definition: string }>(
    `select indexname as name, replace(replace(indexdef, ' ON first.base', ''), indexname || ' ', '') as definition
     from pg_indexes where schemaname = 'first' and tablename = 'base' order by 1`,
  )
  return Object.fromEntries(rows.map((row) => [row.name, row.definition]))
}

const mayRead = async (world: World, role: string): Promise<boolean> =>
  (
    await world.sql<{ may: boolean }>("select has_table_privilege($1, 'first.base', 'select') as may", [role])
  )[0]?.may === true

describe.each(['view', 'table'])('materialized as %s', (kind) => {
  const yaml = (rest: string) => ({ 'views/first/base.yaml': `materialized: ${kind}\n${rest}` })

  test('declared indexes of every form are made, and one that is withdrawn goes', async () => {
    const world = await makeWorld(sources, {
      ...select,
      ...yaml(`indexes:
  - { columns: [id], unique: true }
  - { columns: ["lower(name)"] }
  - { columns: [kind], where: "id > 100" }
  - { columns: [name], include: [kind] }
  - { columns: [tags], method: gin }
  - { columns: ["kind desc nulls last", id], name: Kinds first }`),
    })
    await world.refresh()
    const declared = {
      'Kinds first': expect.stringContaining('btree (kind DESC NULLS LAST, id)') as unknown,
      base_id_idx: 'CREATE UNIQUE INDEX USING btree (id)',
      base_kind_part_idx: 'CREATE INDEX USING btree (kind) WHERE (id > 100)',
      base_lower_name_idx: 'CREATE INDEX USING btree (lower(name))',
      base_name_idx: 'CREATE INDEX USING btree (name) INCLUDE (kind)',
      base_tags_idx: 'CREATE INDEX USING gin (tags)',
    }
    expect(await indexes(world)).toEqual(declared)
    await world.refresh('--force')
    expect(await indexes(world)).toEqual(declared)

    await world.project.update(yaml('indexes: [{ columns: [id], unique: true }]'))
    await world.refresh()
    expect(await indexes(world)).toEqual({ base_id_idx: declared.base_id_idx })
    await world.project.update(yaml(''))
    await world.refresh()
    expect(await indexes(world)).toEqual({})
  })

  test('a unique index that the rows do not allow fails the build and names both', async () => {
    const world = await makeWorld(sources, {
      ...select,
      ...yaml('indexes: [{ columns: [kind], unique: true }]'),
    })
    const ran = await world.duro(['refresh'])
    expect(ran.code).toBe(1)
    expect(ran.error?.message).toContain('index base_kind_idx of first.base could not be built')
    expect(await leftovers(world.url)).toEqual([])
  })

  test('indexes, grants and comments that were made by hand survive', async () => {
    const world = await makeWorld(sources, {
      ...select,
      ...yaml('indexes: [{ columns: [id], unique: true }]'),
    })
    const reader = await world.createRole()
    await world.refresh()
    await world.sql(`create index by_hand on first.base (kind) where name <> '';
      comment on index first.by_hand is 'mine';
      comment on column first.base.kind is 'of three';
      comment on ${kind === 'view' ? 'materialized view' : 'table'} first.base is 'all of it';
      grant select on first.base to ${reader}`)
    await world.refresh('--force')
    await world.refresh('--force')
    expect(Object.keys(await indexes(world))).toEqual(['base_id_idx', 'by_hand'])
    expect(
      await world.sql(`select obj_description('first.by_hand'::regclass) as index,
        obj_description('first.base'::regclass) as relation, col_description('first.base'::regclass, 3) as column`),
    ).toEqual([{ index: 'mine', relation: 'all of it', column: 'of three' }])
    expect(await mayRead(world, reader)).toBe(true)
  })

  test('an index that is withdrawn may have been the one to cluster on', async () => {
    const world = await makeWorld(sources, { ...select, ...yaml('indexes: [id]') })
    await world.refresh()
    await world.sql(
      `alter ${kind === 'view' ? 'materialized view' : 'table'} first.base cluster on base_id_idx`,
    )
    await world.project.update(yaml('indexes: [kind]'))
    await world.refresh()
    expect(Object.keys(await indexes(world))).toEqual(['base_kind_idx'])
  })

  test('the planner has statistics before anybody reads', async () => {
    const world = await makeWorld(sources, { ...select, ...yaml('') })
    await world.refresh()
    expect(
      await world.sql("select reltuples::int as n from pg_class where oid = 'first.base'::regclass"),
    ).toEqual([{ n: 500 }])
    expect(
      await world.sql(`select n_distinct::int as n from pg_stats
        where schemaname = 'first' and tablename = 'base' and attname = 'kind'`),
    ).toEqual([{ n: 3 }])
  })
})

const comments = async (world: World) =>
  (
    await world.sql(
      `select obj_description('first.base'::regclass) as base, col_description('first.base'::regclass, 1) as id`,
    )
  )[0]

describe('grant_select', () => {
  test('gives, adds, takes away what is inherited, and withdraws what is no longer declared', async () => {
    const world = await makeWorld(sources, select)
    const [joan, jane, metabase] = [
      await world.createRole(),
      await world.createRole(),
      await world.createRole(),
    ]
    const expectReaders = async (readers: readonly string[]): Promise<void> => {
      await world.refresh()
      const may = await Promise.all([joan, jane, metabase].map(async (role) => mayRead(world, role)))
      expect([joan, jane, metabase].filter((_, index) => may[index])).toEqual(readers)
    }
    await world.project.update({ 'views/global.yaml': `grant_select: [${joan}, ${jane}]` })
    await expectReaders([joan, jane])
    await world.project.update({ 'views/first/base.yaml': `grant_select: [+${metabase}, -${jane}]` })
    await expectReaders([joan, metabase])
    await world.project.update({ 'views/first/base.yaml': 'grant_select: null' })
    await expectReaders([])
    await world.project.update({ 'views/first/base.yaml': 'grant_select: public', 'views/global.yaml': null })
    await expectReaders([joan, jane, metabase])
    await world.project.update({ 'views/first/base.yaml': '' })
    await expectReaders([])
  })

  test('to a role that does not exist fails before anything is published', async () => {
    const world = await makeWorld(sources, {
      ...select,
      'views/first/base.yaml': 'grant_select: nobody_at_all',
    })
    const ran = await world.duro(['refresh'])
    expect(ran.code).toBe(1)
    expect(ran.error?.message).toContain('role "nobody_at_all" does not exist')
    expect(await leftovers(world.url)).toEqual([])
  })
})

describe('description and columns', () => {
  test('of a column that has gone with its source are told, and keep nothing from being published', async () => {
    const world = await makeWorld(sources, {
      'views/first/base.sql': 'select * from source',
      'views/first/base.yaml': 'materialized: table\ncolumns: { kind: What it is }',
    })
    await world.refresh()
    await world.sql('alter table source drop column kind')
    const ran = await world.refresh('--force')
    expect(warnings(ran)).toContain('its columns describe kind, which is no column of it')
  })

  test.each(['view', 'table', 'none'])('become comments of a %s, and change, and go', async (kind) => {
    const world = await makeWorld(sources, select)
    const settings = (rest: string) => ({ 'views/first/base.yaml': `materialized: ${kind}\n${rest}` })
    await world.project.update(settings("description: It's all\ncolumns: { id: The key }"))
    await world.refresh()
    expect(await comments(world)).toEqual({ base: "It's all", id: 'The key' })
    await world.project.update(settings('description: Some\ncolumns: { id: A key }'))
    await world.refresh()
    expect(await comments(world)).toEqual({ base: 'Some', id: 'A key' })
    await world.project.update(settings(''))
    await world.refresh()
    expect(await comments(world)).toEqual({ base: null, id: null })
  })
})

test('a column that somebody made an identity stays one', async () => {
  const world = await makeWorld('create table source as select 1 as n, 2 as m', {
    'views/first/a.sql': 'select n, m from source',
    'views/first/a.yaml': 'materialized: table',
  })
  await world.refresh()
  await world.sql(
    'alter table first.a alter n set not null; alter table first.a alter n add generated by default as identity',
  )
  for (let run = 0; run < 2; run++) {
    await world.refresh('--force')
    expect(
      await world.sql(
        "select attidentity::text as i from pg_attribute where attrelid = 'first.a'::regclass and attnum = 1",
      ),
    ).toEqual([{ i: 'd' }])
  }
})

const withIndex = (unique: string): string =>
  `materialized: table\nindexes: [{ columns: [n], unique: ${unique}, name: x }]`

test('an index that no longer is unique identifies no rows any more', async () => {
  const world = await makeWorld('create table source as select 1 as n, 2 as m', {
    'views/first/a.sql': 'select n, m from source',
    'views/first/a.yaml': withIndex('true'),
  })
  await world.refresh()
  await world.sql(
    'alter table first.a alter n set not null; alter table first.a replica identity using index x',
  )
  const identity = (): Promise<unknown> =>
    world.sql("select relreplident::text as by from pg_class where oid = 'first.a'::regclass")
  await world.refresh('--force')
  expect(await identity()).toEqual([{ by: 'i' }])
  await world.project.update({ 'views/first/a.yaml': withIndex('false') })
  await world.refresh()
  expect(await identity()).toEqual([{ by: 'd' }])
})
