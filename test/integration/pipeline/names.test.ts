import { describe, expect, test } from 'vitest'

import { disagreements, leftovers, relationIds } from '../../support/catalog.ts'
import { makeWorld } from '../../support/world.ts'

const long = (start: string): string => start + 'x'.repeat(63 - Buffer.byteLength(start))

/** Built, built again, its data test run on the new version, and nothing left: what every name has to stand. */
describe.each([
  ['in mixed case and beyond ASCII', 'Mixed', 'Näme'],
  ['of 63 bytes', long('first_'), long('view_')],
  ['of 63 bytes that end within a character of two', long('é'), long('ü')],
  ['that is a keyword', 'user', 'order'],
  ['with spaces and quotes', `it's "here"`, `a "view"`],
  ['with brackets, a dollar and a backslash', 'a$b', String.raw`c[1]\d`],
  ['beyond the basic plane', '😀', '🏙 cities'],
])('a name %s', (_, schema, relation) => {
  test('is that of a view like any other', async () => {
    const quoted = [schema, relation].map((name) => `"${name.replaceAll('"', '""')}"`).join('.')
    const world = await makeWorld('create table source as select generate_series(1, 3) as id', {
      [`views/${schema}/${relation}.sql`]: 'select id from source',
      [`views/${schema}/${relation}.yaml`]: `indexes: [{ columns: [id], unique: true }]
description: Named oddly
tests: { not_null: [id], unique: [id] }`,
      [`views/${schema}/${relation}_test.sql`]: `select count(*) = (select count(*) from source) as whole from ${quoted}`,
      'views/reader/reads.sql': `select v.id, ${quoted}.id as again from ${quoted} join ${quoted} v using (id)`,
      'views/reader/reads.yaml': `tests: { relationships: { id: { to: ${JSON.stringify(`${schema}.${relation}`)}, field: id } } }`,
    })
    await world.refresh()
    await world.sql('insert into source values (4)')
    await world.refresh('--force')
    expect(Object.keys(await relationIds(world.url)).toSorted()).toEqual(
      [`${schema}.${relation}`, 'public.source', 'reader.reads'].toSorted(),
    )
    expect(await world.sql(`select count(*)::int as n from ${quoted} join reader.reads using (id)`)).toEqual([
      { n: 4 },
    ])
    expect(await world.sql('select obj_description($1::regclass) as description', [quoted])).toEqual([
      { description: 'Named oddly' },
    ])
    expect(await disagreements(world.url)).toEqual([])
    expect(await leftovers(world.url)).toEqual([])
    expect((await world.duro(['plan', '--check'])).code).toBe(0)
    expect((await world.duro(['validate'])).error).toBeNull()
  })
})

test('two long schemas that begin alike do not meet in the schema of their new versions', async () => {
  const [one, other] = [`${'s'.repeat(58)}_one`, `${'s'.repeat(58)}_two`]
  const world = await makeWorld('', {
    [`views/${one}/a.sql`]: 'select 1 as n',
    [`views/${other}/a.sql`]: `select n + 1 as n from ${one}.a`,
  })
  await world.refresh()
  await world.refresh('--force')
  expect(await world.sql(`select n from ${other}.a`)).toEqual([{ n: 2 }])
  expect(await leftovers(world.url)).toEqual([])
})

test('what somebody keeps in a schema that is called like one of duro’s is left alone', async () => {
  const world = await makeWorld(
    'create schema first__duro_new; create table first__duro_new.mine as select 1 as n; create schema first__duro_old',
    { 'views/first/a.sql': 'select 1 as n' },
  )
  await world.refresh()
  await world.refresh('--force')
  await world.duro(['cleanup'])
  expect(Object.keys(await relationIds(world.url))).toEqual(['first.a', 'first__duro_new.mine'])
  expect(await leftovers(world.url)).toEqual(['first__duro_new', 'first__duro_old'])
})

test('a name without a schema is that of the system where the server has one, also beside a view of that name', async () => {
  const world = await makeWorld('create table source as select 1 as n', {
    'duro.yaml': 'default_interval: 1h\ndefault_schema: first',
    'views/first/pg_tables.sql': 'select tablename, n from pg_tables, source',
    'views/first/reader.sql': "select count(*) from pg_tables where tablename = 'pg_class'",
    'views/first/reader_test.sql': 'select hasindexes is not null from pg_tables',
  })
  await world.refresh()
  await world.refresh('first.reader')
  expect(await world.sql('select count from first.reader')).toEqual([{ count: '1' }])
  expect(await leftovers(world.url)).toEqual([])
})

test('a view whose name only looks like one of the system has to be named with its schema', async () => {
  const world = await makeWorld('create table source as select 1 as n', {
    'duro.yaml': 'default_interval: 1h\ndefault_schema: first',
    'views/first/pg_mine.sql': 'select n from source',
    'views/first/reader.sql': 'select n\nfrom pg_mine',
  })
  const refused = await world.duro(['refresh'])
  expect(refused.error).toMatchObject({
    problems: [
      {
        file: 'views/first/reader.sql',
        line: 2,
        column: 6,
        message: 'pg_mine is taken for a relation of the system, and not for first.pg_mine',
        hint: 'Write first.pg_mine.',
      },
    ],
  })
  await world.project.update({ 'views/first/reader.sql': 'select n from first.pg_mine' })
  await world.refresh()
  await world.refresh('--force')
  expect(await world.sql('select n from first.reader')).toEqual([{ n: 1 }])
})
