import { symlink } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { load } from './load.ts'

describe('a folder becomes a project', () => {
  test('in both layouts, with all dashes and spaces, in the order of the names', async () => {
    const project = await load({
      'views/first/cities — 24h.sql': 'select 1',
      'views/first/cities_test.sql': 'select true; select 1 = 1',
      'views/second.child\u00a0–\u202f30m.sql': 'select 2',
      'views/second.child_test.sql': 'select true',
      'views/first/a-b.sql': 'select 3',
      'views/Mixed/Näme - 1d.sql': 'select 4',
    })
    const { views } = project
    expect([...views.keys()]).toEqual(['Mixed.Näme', 'first.a-b', 'first.cities', 'second.child'])
    expect([...views.values()].map(({ settings }) => settings.interval)).toEqual([
      86_400_000,
      null,
      86_400_000,
      1_800_000,
    ])
    expect(views.get('first.cities')).toMatchObject({
      name: 'first.cities',
      schema: 'first',
      relation: 'cities',
      file: { path: 'views/first/cities — 24h.sql', text: 'select 1', statement: { kind: 'select' } },
      tests: { path: 'views/first/cities_test.sql', statements: [{ kind: 'select' }, { kind: 'select' }] },
    })
    expect(views.get('second.child')?.tests?.path).toBe('views/second.child_test.sql')
    expect(views.get('first.a-b')?.tests).toBeNull()
  })

  test('a flat view and settings in the folder, and the other way round, belong together', async () => {
    const { views } = await load({
      'views/first.cities.sql': 'select 1',
      'views/first/cities.yaml': 'tags: inside',
      'views/first/cities_test.sql': 'select true',
      'views/first/people.sql': 'select 1',
      'views/first.people.conf': 'tags = outside',
    })
    expect(views.get('first.cities')).toMatchObject({ settings: { tags: ['inside'] }, tests: {} })
    expect(views.get('first.people')?.settings.tags).toEqual(['outside'])
  })

  test('what is not ours is left alone', async () => {
    const { views } = await load({
      'views/README.md': '#',
      'views/first/notes.txt': '',
      'views/first/.cities.sql.swp': '',
      'views/first/cities.sql': 'select 1',
      'views/first/cities.sql~': 'sel',
      'views/first/docs/picture.png': '',
      'views/.git/first/x.sql': 'sel',
    })
    expect([...views.keys()]).toEqual(['first.cities'])
  })

  test('the folder of views may be another one, or the root', async () => {
    const elsewhere = await load({ 'duro.yaml': 'views: ./sql/views/', 'sql/views/first.a.sql': 'select 1' })
    expect(elsewhere.views.get('first.a')?.file.path).toBe('sql/views/first.a.sql')
    const root = await load({ 'duro.yaml': 'views: .', 'first/a.sql': 'select 1', 'first.a.yaml': 'tags: x' })
    expect(root.views.get('first.a')).toMatchObject({
      file: { path: 'first/a.sql' },
      settings: { tags: ['x'] },
    })
  })

  test('decomposed names on disk become composed ones', async () => {
    const { views } = await load({ 'views/fi\u0308rst/na\u0308me.sql': 'select 1' })
    expect([...views.values()]).toMatchObject([
      { name: 'f\u00efrst.n\u00e4me', file: { path: 'views/fi\u0308rst/na\u0308me.sql' } },
    ])
  })

  test('names of 63 bytes fit', async () => {
    const name = 'ä'.repeat(31) + 'x'
    const { views } = await load({ [`views/${name}/${name}.sql`]: 'select 1' })
    expect([...views.keys()]).toEqual([`${name}.${name}`])
  })

  test('a link to a folder is a schema', async () => {
    const { views } = await load(
      { 'elsewhere/a.sql': 'select 1', 'views/second.b.sql': 'select 1' },
      { prepare: (project) => symlink(project.file('elsewhere'), project.file('views/first')) },
    )
    expect([...views.keys()]).toEqual(['first.a', 'second.b'])
  })
})

describe('the text of a view', () => {
  test('keeps its line breaks and loses its byte order mark', async () => {
    const { views } = await load({ 'views/first/a.sql': '\uFEFFselect 1\r\n  as b\r\n;\r\n-- the end' })
    expect(views.get('first.a')?.file).toMatchObject({
      text: 'select 1\r\n  as b\r\n;\r\n-- the end',
      statement: { span: { start: 0, end: 16 } },
    })
  })

  test.each([
    'with a as (select 1) select * from a',
    'values (1)',
    'table first.b',
    '(select 1) union select 2;',
  ])('may be %s', async (sql) => {
    const { views } = await load({ 'views/first/a.sql': sql })
    expect(views.size).toBe(1)
  })
})

describe('duro.yaml', () => {
  const view = { 'views/first/a.sql': 'select 1' }

  test('may be empty, and so has its defaults', async () => {
    const { settings } = await load({ ...view, 'duro.yaml': '# nothing yet\n' })
    expect(settings).toEqual({
      database: null,
      engine: null,
      defaultSchema: ['public'],
      stateSchema: 'duro',
      defaultInterval: null,
      concurrency: 4,
      oneInstant: true,
      fillTables: 'copy',
      timeout: null,
      keepPrevious: false,
      historyStoredFor: 90 * 86_400_000,
      s3: null,
      iam: null,
      swap: { giveUpAfter: 600_000 },
    })
  })

  test('says everything else', async () => {
    const yaml = `
database: postgres://joan:\${PASSWORD}@db/sales
engine: postgres
default_schema: [first, public, second]
state_schema: duro_\${STAGE}
default_interval: 6h
concurrency: 2
one_instant: false
fill_tables: insert
timeout: 2h
keep_previous: true
history_stored_for: 30d
swap: { give_up_after: 90s }
`
    const files = { ...view, 'duro.yaml': yaml, '.env': 'STAGE=test' }
    const { settings } = await load(files, { env: {} })
    expect(settings).toEqual({
      database: { text: 'postgres://joan:${PASSWORD}@db/sales', file: 'duro.yaml', line: 2, column: 11 },
      engine: 'postgres',
      defaultSchema: ['first', 'public', 'second'],
      stateSchema: 'duro_test',
      defaultInterval: 21_600_000,
      concurrency: 2,
      oneInstant: false,
      fillTables: 'insert',
      timeout: 7_200_000,
      keepPrevious: true,
      historyStoredFor: 30 * 86_400_000,
      s3: null,
      iam: null,
      swap: { giveUpAfter: 90_000 },
    })
    expect((await load(files, { env: { STAGE: 'live' } })).settings.stateSchema).toBe('duro_live')
  })

  test('takes null for a default, and text for a list of one', async () => {
    const { settings } = await load({
      ...view,
      'duro.yaml': 'concurrency: null\nswap:\ndefault_schema: first\n',
    })
    expect(settings).toMatchObject({
      concurrency: 4,
      swap: { giveUpAfter: 600_000 },
      defaultSchema: ['first', 'public'],
    })
  })
})
