import { readdir, stat } from 'node:fs/promises'

import { describe, expect, test } from 'vitest'

import { disagreements, leftovers, relationIds } from '../../support/catalog.ts'
import { compareCatalogs, readCatalog } from '../../support/catalog-snapshot.ts'
import { warnings } from '../../support/duro.ts'
import { hasPython, pathOnly } from '../../support/python.ts'
import { makeWorld, type World } from '../../support/world.ts'

const sources = `create table source (name text, people integer);
  insert into source values ('Peru', 33), ('Chad', null), ('', 1), (null, 2)`

const table = 'create table countries (name text, people integer not null, size text)'

/** Doubles the people, and gives those a size who have some. */
const script = `
import csv, sys
with open(sys.argv[1], newline='') as source, open(sys.argv[2], 'w', newline='') as target:
    rows = csv.DictReader(source)
    out = csv.writer(target)
    out.writerow(['size', 'name', 'people'])
    for row in rows:
        people = int(row['people'] or 0)
        out.writerow(['big' if people > 10 else 'small', row['name'], people * 2])
`

const files = {
  'views/first/countries_select.sql': 'select name, people from source',
  'views/first/countries.py': script,
  'views/first/countries — 1h.sql': `-- rows come from countries.py\n${table};\n`,
}

const rows = 'select name, people, size from first.countries order by people'

const makePython = (more: Record<string, string> = {}): Promise<World> =>
  makeWorld(sources, { ...files, ...more }, pathOnly)

/** What the folder of duro in a project holds below `work`: nothing, once a run has ended. */
async function workLeft({ project }: World): Promise<string[]> {
  return readdir(project.file('.duro/work')).catch(() => [])
}

describe.runIf(hasPython)('a Python processor', () => {
  test('makes a table of its select, in any order of columns, and is read by other views', async () => {
    const world = await makePython({
      'views/first/countries_test.sql': 'select count(*) >= 4 as all_there from first.countries',
      'views/first/countries.yaml':
        'indexes: [name]\ntests: { not_null: people }\ntotals: { people: sum(people) }',
      'views/second/big.sql': `select name from first.countries where size = 'big'`,
    })
    await world.refresh()
    expect(await world.sql(rows)).toEqual([
      { name: 'Chad', people: 0, size: 'small' },
      { name: null, people: 2, size: 'small' },
      { name: null, people: 4, size: 'small' },
      { name: 'Peru', people: 66, size: 'big' },
    ])
    expect(await world.sql('select name from second.big')).toEqual([{ name: 'Peru' }])
    expect(await leftovers(world.url)).toEqual([])
    expect(await disagreements(world.url)).toEqual([])
    expect(await workLeft(world)).toEqual([])

    await world.sql(`insert into source values ('Fiji', 20)`)
    await world.refresh('--force')
    expect(await world.sql('select name from second.big order by name')).toEqual([
      { name: 'Fiji' },
      { name: 'Peru' },
    ])
    expect(await workLeft(world)).toEqual([])
  })

  test('reads the new versions of this run, and is rebuilt for its reader', async () => {
    const world = await makePython({
      'views/first/base — 1h.sql': 'select name, people from source',
      'views/first/countries_select.sql': 'select name, people from first.base',
      'views/second/sum — 1h.sql': 'select sum(people) as people from first.countries',
    })
    await world.refresh()
    await world.sql('update source set people = 100')
    await world.refresh('--force')
    expect(await world.sql('select people::int from second.sum')).toEqual([{ people: 800 }])
    const graph = await world.duro(['graph'])
    expect(graph.stdout).toMatch(/first\.base[^]*first\.countries[^]*second\.sum/)
  })

  test('reads its sources at the moment of the run, however late its turn comes', async () => {
    const world = await makePython({
      'views/first/waits — 1h.sql': 'select count(*) as n from source, pg_sleep(2)',
      'views/first/countries_select.sql': 'select name, people from source cross join first.waits',
    })
    let inserted: Promise<unknown> = Promise.resolve()
    const ran = await world.duro(['refresh'], {
      onEvent: (event) => {
        if (event.type === 'view-started' && event.stage === 'build' && event.view === 'first.waits')
          inserted = world.sql(`insert into source values ('too late', 1)`)
      },
    })
    expect(ran.error).toBeNull()
    await inserted
    expect(await world.sql('select count(*)::int as n from source')).toEqual([{ n: 5 }])
    expect(await world.sql('select count(*)::int as n from first.countries')).toEqual([{ n: 4 }])
  })

  test('is rebuilt when its script changes, and the plan says so', async () => {
    const world = await makePython()
    await world.refresh()
    expect((await world.duro(['plan', '--check'])).code).toBe(0)
    await world.project.update({ 'views/first/countries.py': script.replace('> 10', '> 50') })
    const plan = await world.duro(['plan'])
    expect(plan.stdout).toContain('first.countries')
    expect(plan.stdout).toContain('countries.py changed')
    expect(plan.stdout).not.toContain('its SQL')
    expect(plan.stdout).toMatch(/^\+ +out\.writerow\(\['big' if people > 50/m)
    await world.refresh()
    expect(await world.sql(`select count(*)::int as n from first.countries where size = 'big'`)).toEqual([
      { n: 0 },
    ])
    await world.project.update({ 'views/first/countries_select.sql': 'select name, 7 as people from source' })
    expect((await world.duro(['plan'])).stdout).toContain('countries_select.sql changed')
  })

  test('plan --sql shows what goes out and comes in', async () => {
    const world = await makePython()
    const { stdout } = await world.duro(['plan', '--sql'])
    const rowsIn = `-- python3 views/first/countries.py IN OUT
-- the first line of its CSV names the columns
copy first__duro_new.countries (…) from stdin (format csv, header, freeze, encoding 'UTF8')`
    expect(stdout).toContain(rowsIn)
    // Those of the live version need not be those that come.
    await world.refresh()
    expect((await world.duro(['plan', '--sql', '--force'])).stdout).toContain(rowsIn)
    expect(stdout).toContain('create table first__duro_new.countries (name text')
    expect(stdout).toContain(
      `copy (\nselect name, people from source\n) to stdout (format csv, header, encoding 'UTF8')`,
    )
  })

  test('the private folder is closed to others, and gone afterwards', async () => {
    const world = await makePython({
      'views/first/countries_select.sql': 'select 1 as people',
      'views/first/countries.py': `
import os, stat, sys
mode = stat.S_IMODE(os.stat(os.getcwd()).st_mode)
file = stat.S_IMODE(os.stat(sys.argv[1]).st_mode)
open(sys.argv[2], 'w').write(f'name,people,size\\n{os.getcwd()},{mode},{file}\\n')
`,
    })
    await world.refresh()
    const [row] = await world.sql<{ name: string; people: number; size: string }>(rows)
    expect([row?.people, row?.size]).toEqual([0o700, String(0o600)])
    await expect(stat(row?.name ?? '')).rejects.toThrow('ENOENT')
  })

  test('gets no credentials but those that it is given by name', async () => {
    const world = await makeWorld(
      sources,
      {
        ...files,
        'duro.yaml': 'default_interval: 1h\ndatabase: postgres://me:${SHOP_SECRET}@nowhere/shop\n',
        'views/first/countries_select.sql': 'select 1 as people',
        'views/first/countries.py': `
import os, sys
names = ['PGPASSWORD', 'PGHOST', 'DATABASE_URL', 'OTHER_URL', 'SHOP_SECRET', 'DUNE_API_KEY', 'HARMLESS', 'WANTED']
seen = ' '.join(name for name in names if name in os.environ)
open(sys.argv[2], 'w').write('name,people,size\\n' + seen + ',1,\\n')
`,
        '.env': 'WANTED=from-the-file\n',
      },
      {
        ...pathOnly,
        PGPASSWORD: 'geheim-1',
        PGHOST: 'nowhere',
        DATABASE_URL: 'postgres://a:b@nowhere/c',
        OTHER_URL: 'postgresql://a:b@nowhere/c',
        SHOP_SECRET: 'geheim-2',
        DUNE_API_KEY: 'geheim-3',
        HARMLESS: 'yes',
      },
    )
    await world.refresh()
    expect(await world.sql('select name from first.countries')).toEqual([{ name: 'HARMLESS' }])
    await world.project.update({ 'views/first/countries.yaml': 'env: [PGPASSWORD, SHOP_SECRET, WANTED]' })
    await world.refresh('--force')
    expect(await world.sql('select name from first.countries')).toEqual([
      { name: 'PGPASSWORD SHOP_SECRET HARMLESS WANTED' },
    ])
    await world.project.update({ 'views/first/countries.yaml': 'env: NOT_THERE' })
    const { error } = await world.duro(['refresh', '--force'])
    expect(error?.message).toBe('first.countries could not be built: NOT_THERE is not set')
  })
})

describe.runIf(hasPython)('what the live table has', () => {
  test('is as the `create table` says, and what was made by hand stays', async () => {
    const world = await makePython({
      'views/first/countries — 1h.sql': `create table first.countries (
        id integer generated always as identity primary key, name text default 'nobody' check (name <> 'x'),
        people integer not null, size text
      ) with (fillfactor = 70)`,
    })
    await world.refresh()
    await world.sql(`alter table first.countries add constraint by_hand check (people >= 0);
      alter table first.countries alter column size set default 'none';
      alter table first.countries set (autovacuum_enabled = false);
      create index by_hand_too on first.countries (size);
      comment on table first.countries is 'all of them'`)
    const before = await describeTable(world)
    await world.refresh('--force')
    expect(await describeTable(world)).toEqual(before)
    expect(await leftovers(world.url)).toEqual([])

    await world.project.update({
      'views/first/countries — 1h.sql': `create table countries (name text, people integer, size text)`,
    })
    await world.refresh()
    expect(await describeTable(world)).toEqual({
      columns: ['name text', 'people integer', "size text default 'none'::text"],
      constraints: ['by_hand CHECK ((people >= 0))'],
      indexes: ['by_hand_too'],
      options: ['autovacuum_enabled=false', 'fillfactor=70'],
      comment: 'all of them',
    })
  })
})

test.runIf(hasPython)(
  'a `create table` may have generated columns, and indexes and views may read them',
  async () => {
    const world = await makePython({
      'views/first/countries — 1h.sql':
        'create table countries (name text, people integer, size text, twice integer generated always as (people * 2) stored)',
    })
    await world.refresh()
    await world.sql(`create index by_twice on first.countries (twice);
    create view reading as select twice from first.countries`)
    await world.sql('update source set people = 4')
    for (const args of [['--force'], ['--force']]) {
      await world.refresh(...args)
      expect(await world.sql('select distinct twice from reading')).toEqual([{ twice: 16 }])
      expect(await describeTable(world)).toMatchObject({ indexes: ['by_twice'] })
    }
  },
)

test('a `create table` may be like another table, with all that hangs on that', async () => {
  const world = await makeWorld(
    `create table base (n integer primary key, m text default 'none' check (m <> ''), o text);
     alter table base alter o set storage external;
     create index on base (m); create index on base (m); create unique index on base (lower(o)) where n > 0;
     create statistics base_stat on n, m from base; create statistics base_other on m, o from base;
     comment on column base.m is 'of base'; comment on index base_m_idx is 'found'; comment on statistics base_stat is 'counted'`,
    {
      'views/first/c — 1h.sql': 'create table c (like public.base including all)',
      'views/first/c.yaml': 'import: { command: [node, c.mjs] }',
      'views/first/c.mjs': `import { writeFileSync } from 'node:fs'
writeFileSync(process.argv[2], 'n,o\\n1,x\\n')`,
    },
    pathOnly,
  )
  await world.refresh()
  const [first] = await world.sql(`select array(select indexrelid::regclass::text from pg_index
      where indrelid = 'first.c'::regclass order by 1) as indexes,
    array(select stxnamespace::regnamespace || '.' || stxname from pg_statistic_ext
      where stxrelid = 'first.c'::regclass order by 1) as statistics`)
  expect(first).toEqual({
    indexes: ['first.c_lower_idx', 'first.c_m_idx', 'first.c_m_idx1', 'first.c_pkey'],
    statistics: ['first.c_m_o_stat', 'first.c_n_m_stat'],
  })
  await world.sql(`create index by_hand on first.c (o); create statistics first.by_hand on n, o from first.c;
    alter statistics first.c_n_m_stat set statistics 33; comment on index first.c_lower_idx is 'by hand';
    comment on column first.c.o is 'by hand'; alter table first.c cluster on c_pkey`)
  const before = await readCatalog(world.url)
  await world.refresh('--force')
  await world.refresh('--force')
  expect(compareCatalogs(before, await readCatalog(world.url))).toEqual([])

  await world.sql(`drop index base_m_idx; drop statistics base_other; comment on column base.m is 'otherwise';
    alter table base alter o set storage main`)
  await world.refresh('--force')
  expect(
    await world.sql(`select array(select indexrelid::regclass::text from pg_index where indrelid = c.oid order by 1) as indexes,
      array(select stxname::text from pg_statistic_ext where stxrelid = c.oid order by 1) as statistics,
      array(select coalesce(col_description(oid, n), '') from generate_series(1, 3) n) as comments,
      (select attstorage from pg_attribute where attrelid = c.oid and attname = 'o') as storage
      from pg_class c where oid = 'first.c'::regclass`),
  ).toEqual([
    {
      indexes: ['first.by_hand', 'first.c_lower_idx', 'first.c_m_idx', 'first.c_pkey'],
      statistics: ['by_hand', 'c_n_m_stat'],
      comments: ['', 'otherwise', 'by hand'],
      storage: 'm',
    },
  ])
  expect(await leftovers(world.url)).toEqual([])
})

test.runIf(hasPython)('a `create table` may refer to others', async () => {
  const world = await makeWorld(
    `${sources}; create table sizes (size text primary key); insert into sizes values ('big'), ('small')`,
    {
      ...files,
      'views/first/countries — 1h.sql':
        'create table countries (name text, people integer, size text references sizes)',
    },
    pathOnly,
  )
  await world.refresh()
  await world.refresh('--force')
  expect(
    await world.sql(
      `select conname, confrelid::regclass::text as other, convalidated from pg_constraint
       where conrelid = 'first.countries'::regclass and contype = 'f'`,
    ),
  ).toEqual([{ conname: 'countries_size_fkey', other: 'sizes', convalidated: true }])
  await world.sql(`delete from sizes where size = 'never there'`)
  expect(await leftovers(world.url)).toEqual([])
})

async function describeTable(world: World): Promise<unknown> {
  const [row] = await world.sql<{ indexes: string[] }>(`
    select array(select attname || ' ' || format_type(atttypid, atttypmod) || coalesce(' default ' || pg_get_expr(adbin, adrelid), '')
                   || case when attnotnull then ' not null' else '' end
                 from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
                 where attrelid = c.oid and attnum > 0 order by attnum) as columns,
           array(select conname || ' ' || pg_get_constraintdef(oid) from pg_constraint where conrelid = c.oid order by 1) as constraints,
           array(select indexrelid::regclass::text from pg_index where indrelid = c.oid order by 1) as indexes,
           array(select unnest(reloptions) order by 1) as options, obj_description(c.oid) as comment
    from pg_class c where oid = 'first.countries'::regclass`)
  const indexes = row?.indexes.map((name) => name.replace(/^first\./, ''))
  return { ...row, indexes }
}

describe('any command', () => {
  const command = {
    'views/first/countries_select.sql': 'select name, people from source',
    'views/first/countries — 1h.sql': 'create table countries (name text, people integer)',
    'views/first/copy.mjs': `import { copyFileSync } from 'node:fs'
copyFileSync(process.argv[2], process.argv[3])`,
    'views/first/countries.yaml': `processor: [node, copy.mjs]`,
  }

  test('is a processor, and its file belongs to the definition', async () => {
    const world = await makeWorld(sources, command, pathOnly)
    await world.refresh()
    expect(await world.sql('select name, people from first.countries order by people')).toEqual([
      { name: '', people: 1 },
      { name: null, people: 2 },
      { name: 'Peru', people: 33 },
      { name: 'Chad', people: null },
    ])
    await world.project.update({ 'views/first/copy.mjs': `${command['views/first/copy.mjs']}\n// changed` })
    expect((await world.duro(['plan'])).stdout).toContain('copy.mjs changed')
  })

  test('fills a table whose rows point to each other', async () => {
    const world = await makeWorld(
      `create table source (id integer, up integer); insert into source values (1, null), (2, 1)`,
      {
        'views/first/tree_select.sql': 'select id, up from source order by id',
        'views/first/tree — 1h.sql':
          'create table first.tree (id integer primary key, up integer references first.tree (id))',
        'views/first/copy.mjs': command['views/first/copy.mjs'],
        'views/first/tree.yaml': 'processor: [node, copy.mjs]',
      },
      pathOnly,
    )
    for (let run = 0; run < 2; run++) {
      await world.refresh('--force')
      await expect(world.sql('insert into first.tree values (3, 9)')).rejects.toThrow('foreign key')
      await world.sql('insert into first.tree values (3, 2); delete from first.tree where id = 3')
    }
    expect(await leftovers(world.url)).toEqual([])
    expect(await disagreements(world.url)).toEqual([])
  })

  test('that is not there', async () => {
    const world = await makeWorld(
      sources,
      { ...command, 'views/first/countries.yaml': 'processor: [no-such-program]' },
      pathOnly,
    )
    const { error, code } = await world.duro(['refresh'])
    expect(code).toBe(1)
    expect(error).toMatchObject({
      message: 'first.countries could not be built: no-such-program was not found',
      hint: 'Install it, or check its name and PATH.',
    })
    expect(await relationIds(world.url)).toEqual({ 'public.source': expect.any(String) as unknown })
    expect(await leftovers(world.url)).toEqual([])
  })

  test('import: { command } writes to the path that is its last word', async () => {
    const world = await makeWorld(
      '',
      {
        'views/first/rates — 1h.sql': 'create table rates (name text, rate numeric)',
        'views/first/rates.yaml': `import: { command: [node, rates.mjs] }`,
        'views/first/rates.mjs': `import { writeFileSync } from 'node:fs'
writeFileSync(process.argv[2], 'name,rate\\nEUR,1.05\\n')`,
      },
      pathOnly,
    )
    await world.refresh()
    expect(await world.sql('select name, rate from first.rates')).toEqual([{ name: 'EUR', rate: '1.05' }])
    expect((await world.duro(['plan', '--check'])).code).toBe(0)
    expect((await world.duro(['plan', '--force', '--sql'])).stdout).toContain('-- node rates.mjs OUT')
  })
})

test('what stood on a column that its `create table` no longer calls not null goes, and says so', async () => {
  const world = await makeWorld('create table source as select generate_series(1, 5) as n', {
    'views/first/a_select.sql': 'select n, n as m from source',
    'views/first/a.sql': 'create table a (n int not null, m int not null)',
    'views/first/a.yaml': 'processor: [cp]\nindexes: [{ columns: [m], unique: true, name: x }]',
  })
  await world.refresh()
  await world.sql(`alter table first.a alter n add generated by default as identity;
    alter table first.a replica identity using index x`)
  await world.refresh('--force')
  await world.project.update({ 'views/first/a.sql': 'create table a (n int, m int)' })
  const ran = await world.refresh()
  expect(warnings(ran)).toEqual(
    expect.arrayContaining([
      'column n was an identity, and now may be null',
      'index x was the replica identity, and its columns now may be null',
    ]),
  )
  await world.refresh('--force')
})

test('an identity counts on from the rows of the new version, where it is further', async () => {
  const world = await makeWorld('create table source as select generate_series(1, 3) as n', {
    'views/first/a_select.sql': 'select n from source',
    'views/first/a.sql': 'create table a (k int generated by default as identity, n int)',
    'views/first/a.yaml': 'processor: [cp]',
  })
  await world.refresh()
  await world.sql('insert into source values (4), (5)')
  await world.refresh('--force')
  await world.sql('insert into first.a (n) values (6)')
  expect(await world.sql('select max(k) as k from first.a')).toEqual([{ k: 6 }])
})
