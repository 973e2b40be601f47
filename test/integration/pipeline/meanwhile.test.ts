import { describe, expect, test, vi } from 'vitest'

import { compareCatalogs, readCatalog } from '../../support/catalog-snapshot.ts'
import { disagreements, leftovers, relationIds } from '../../support/catalog.ts'
import { usingClient } from '../../support/database.ts'
import { duro } from '../../support/duro.ts'
import { patientTest, refreshWhile } from '../../support/refresh-while.ts'
import { makeWorld, type World } from '../../support/world.ts'

const files = {
  'duro.yaml': 'default_interval: 1h\nswap: { give_up_after: 2s }\n',
  'views/first/a.sql': 'select n, m from source',
}
const sources = 'create table source as select 1 as n, 2 as m'

describe('what is done to a live view after its new version was built', () => {
  test('is done to the new version too', async () => {
    const world = await makeWorld(sources, { ...files, ...patientTest })
    const [reader, passing, owner] = [
      await world.createRole('nologin'),
      await world.createRole('nologin'),
      await world.createRole('nologin'),
    ]
    await world.refresh()
    await world.sql(`grant usage on schema first to ${passing}; grant select on first.a to ${passing} with grant option;
      set role ${passing}; grant select on first.a to ${reader}; reset role;
      grant select (n) on first.a to ${reader}`)
    await world.refresh('--force')
    const ran = await refreshWhile(
      world,
      `grant usage, create on schema first to ${owner}; grant select on source to ${owner};
       create index by_n on first.a (n); comment on index first.by_n is 'found';
       create statistics first.together on n, m from first.a;
       comment on materialized view first.a is 'whole'; comment on column first.a.n is 'number';
       grant select (m) on first.a to ${reader}; grant select on first.a to public;
       alter materialized view first.a owner to ${owner}`,
    )
    expect(ran.error).toBeNull()
    const [after] = await world.sql(`
      select pg_get_userbyid(relowner) as owner, obj_description(oid, 'pg_class') as comment,
             col_description(oid, 1) as column, obj_description(to_regclass('first.by_n'), 'pg_class') as index,
             (select count(*)::int from pg_statistic_ext where stxrelid = c.oid) as statistics,
             has_column_privilege('${reader}', oid, 'm', 'select') as granted,
             (select count(*)::int from aclexplode(relacl) where grantee = 0) as public,
             (select count(*)::int from pg_attribute a, aclexplode(a.attacl) where a.attrelid = c.oid) as columns,
             (select count(*)::int from aclexplode(relacl) where grantor = '${passing}'::regrole) as passed_on
      from pg_class c where oid = 'first.a'::regclass`)
    expect(after).toEqual({
      owner,
      comment: 'whole',
      column: 'number',
      index: 'found',
      statistics: 1,
      granted: true,
      public: 1,
      columns: 2,
      passed_on: 1,
    })
    for (const role of [owner, passing, reader]) await world.sql(`drop owned by ${role} cascade`)
  })

  test('and cannot be, keeps the new version, and says why', async () => {
    const world = await makeWorld(sources, { ...files, ...patientTest })
    await world.refresh()
    await world.sql('insert into source values (1, 2)')
    const before = await relationIds(world.url)
    const ran = await refreshWhile(world, 'create unique index only_one on first.a (n)')
    expect(ran.code).toBe(1)
    expect(ran.error?.message).toBe(
      'the new version of first.a cannot have what was given to the live one since it was built: ' +
        'could not create unique index "only_one"',
    )
    expect(await relationIds(world.url)).toMatchObject(before)
    await world.sql('drop index first.only_one')
    expect((await world.duro(['swap'])).error).toBeNull()
    expect(await leftovers(world.url)).toEqual([])
  })
})

/** By how the view is stored: what is done, and what duro calls it. */
const lasting: Record<string, Record<string, readonly string[]>> = {
  table: {
    'alter table first.a add constraint positive check (n > 0)': ['constraint positive'],
    'alter table first.a add constraint a_key primary key (n)': [
      'constraint a_key',
      // Such a constraint has a name of its own since PostgreSQL 18.
      'constraint a_n_not_null',
    ],
    'alter table first.a rename constraint big to small': ['constraint big', 'constraint small'],
    "comment on constraint whole on first.a is 'all of it'": ['constraint whole'],
    'alter table first.a alter m set not null': ['not null of column m', 'constraint a_m_not_null'],
    'alter table first.a alter n set default 3': ['the default of column n'],
    'alter table first.a set (fillfactor = 70, toast.autovacuum_enabled = false)': [
      'storage parameters',
      'storage parameters of its TOAST table',
    ],
    'alter table first.a alter n set statistics 77': ['the statistics target of column n'],
    'alter table first.a alter n set (n_distinct = 5)': ['the options of column n'],
    'alter table first.a alter t set storage external': ['the storage of column t'],
    'alter table first.a alter t set compression pglz': ['the compression of column t'],
    'alter table first.a replica identity full': ['the replica identity'],
    'alter table first.a cluster on by_m': ['the index that it is clustered on'],
    'alter index first.by_m set (fillfactor = 60)': ['index by_m'],
    'alter statistics first.together set statistics 50': ['statistics together'],
  },
  view: {
    'alter materialized view first.a set (autovacuum_enabled = off)': ['storage parameters'],
    'alter materialized view first.a alter n set statistics 55': ['the statistics target of column n'],
    'alter materialized view first.a cluster on by_m': ['the index that it is clustered on'],
    'alter index first.by_m set (fillfactor = 60)': ['index by_m'],
  },
  none: {
    'alter view first.a set (security_barrier)': ['options'],
    'alter view first.a alter n set default 3': ['the default of column n'],
  },
}

/** What a live version has before: some of it is changed later, and some is not. */
const standing: Record<string, string> = {
  table: `alter table first.a add constraint big check (m > 0), add constraint whole unique (n, m);
    create index by_m on first.a (m); create statistics first.together on n, m from first.a;
    alter table first.a set (autovacuum_enabled = off, parallel_workers = 2); alter table first.a alter m set statistics 99`,
  view: 'create index by_m on first.a (m); alter materialized view first.a set (fillfactor = 90)',
  none: 'alter view first.a set (security_barrier = off)',
}

const keptFiles = (materialized: string): Record<string, string> => ({
  'views/first/a.sql': "select n, m, 'text' as t from source",
  'views/first/a.yaml': `materialized: ${materialized}`,
})

describe('what is changed on a live view after its new version was built, and cannot be made up for', () => {
  test.each(
    Object.entries(lasting).flatMap(([kind, changes]) =>
      Object.entries(changes).map(([change, words]) => [kind, change, words] as const),
    ),
  )(
    'is not lost: the swap is refused, and the next refresh keeps it (%s: %s)',
    async (kind, change, words) => {
      const world = await makeWorld(sources, keptFiles(kind))
      await world.refresh()
      await world.sql(standing[kind] ?? '')
      await world.refresh('--force', '--no-swap')
      await world.sql(change)
      const [before, ids] = [await readLive(world), await relationIds(world.url)]
      const { code, error } = await world.duro(['swap'])
      expect(code).toBe(1)
      const named = / first\.a \((.*)\)$/.exec(error?.message ?? '')?.[1]?.split(', ') ?? ['a refusal']
      for (const what of named) expect(words).toContain(what)
      expect(await relationIds(world.url)).toEqual(ids)
      await world.refresh('--force')
      expect(compareCatalogs(before, await readLive(world))).toEqual([])
      expect((await relationIds(world.url))['first.a']).not.toBe(ids['first.a'])
      expect(await leftovers(world.url)).toEqual([])
    },
  )

  test('is found in the run that builds it, too', async () => {
    const world = await makeWorld(sources, { ...keptFiles('table'), ...patientTest })
    await world.refresh()
    const { error } = await refreshWhile(world, 'alter table first.a set (fillfactor = 70)')
    expect(error?.message).toBe(
      'changed on the live version since the new one was built, and not on the new one: first.a (storage parameters)',
    )
    await world.sql('alter table first.a reset (fillfactor)')
    expect((await world.duro(['swap'])).error).toBeNull()
    expect(await leftovers(world.url)).toEqual([])
  })

  test('is told from what the server and other programs do by themselves', async () => {
    const world = await makeWorld(sources, {
      ...keptFiles('table'),
      'views/first/b.sql': 'select n, m from first.a',
      'views/first/b.yaml': 'indexes: [{ columns: [n], name: by_n }, { columns: [m] }]',
      'views/first/c.sql': 'select n from first.b',
      'views/first/c.yaml': 'materialized: none',
    })
    await world.refresh()
    await world.sql(`${standing['table']}; alter table first.a add column more int;
      alter table first.a add primary key (n); alter index first.whole set (fillfactor = 80);
      alter table first.a drop column more; comment on index first.by_n is 'mine'`)
    await world.refresh('--force', '--no-swap')
    await world.sql('alter table first.a reset (autovacuum_enabled, parallel_workers)')
    await world.sql('alter table first.a set (parallel_workers = 2, autovacuum_enabled = off)')
    await world.sql('alter table first.a add column other int')
    await world.sql('alter table first.a drop column other')
    // The order of the parameters is not kept.
    const read = async (): Promise<string[]> =>
      (await readLive(world)).filter((fact) => !fact.includes('parallel_workers'))
    const before = await read()
    for (const statement of ['vacuum full first.a', 'vacuum (freeze, analyze) first.b', 'analyze']) {
      await world.sql(statement)
    }
    await world.sql('reindex table first.a; refresh materialized view first.b')
    await world.sql('reindex index concurrently first.by_m')
    expect((await world.duro(['swap'])).error).toBeNull()
    expect(compareCatalogs(before, await read())).toEqual([])
  })
})

describe('an index that was there when the new version was built', () => {
  test('and is renamed, commented or dropped meanwhile, is so afterwards', async () => {
    const world = await makeWorld(sources, {
      ...keptFiles('table'),
      'views/first/a.yaml': 'materialized: table\nindexes: [{ columns: [t], name: declared }]',
    })
    await world.refresh()
    await world.sql(`create index one on first.a (n); create index two on first.a (m);
      create index three on first.a (n, m); create index four on first.a (m, n);
      create statistics first.together on n, m from first.a; alter table first.a cluster on one`)
    await world.refresh('--force', '--no-swap')
    await world.sql(`alter index first.one rename to other; comment on index first.other is 'said';
      comment on index first.three is 'told'; comment on index first.declared is 'so';
      drop index first.two; alter index first.four rename to five; create index twin on first.a (n, m);
      drop statistics first.together; create index on first__duro_new.a (n desc)`)
    const before = await readLive(world)
    expect((await world.duro(['swap'])).error).toBeNull()
    // What somebody has given to the new version itself stays.
    expect(await world.sql("select to_regclass('first.a_n_idx') is not null as there")).toEqual([
      { there: true },
    ])
    await world.sql('drop index first.a_n_idx')
    expect(compareCatalogs(before, await readLive(world))).toEqual([])
    await world.refresh('--force')
    expect(compareCatalogs(before, await readLive(world))).toEqual([])
  })

  test('and is declared, stays although somebody drops it meanwhile', async () => {
    const world = await makeWorld(sources, {
      ...files,
      'views/first/a.yaml': 'indexes: [{ columns: [n], name: declared }]',
    })
    await world.refresh()
    const before = await readLive(world)
    await world.refresh('--force', '--no-swap')
    await world.sql('drop index first.declared')
    expect((await world.duro(['swap'])).error).toBeNull()
    expect(compareCatalogs(before, await readLive(world))).toEqual([])
  })
})

/** What the catalog has of the live views. */
const readLive = async (world: World): Promise<string[]> =>
  (await readCatalog(world.url)).filter((fact) => !fact.includes('__duro_new'))

describe('what is done to a live view in a transaction that ends while the swap waits for it', () => {
  test.each([
    ['grant', 'grant select on first.a to ROLE', "has_table_privilege('ROLE', 'first.a', 'select')"],
    [
      'column grant',
      // Without it no lock tells of this on PostgreSQL 17 and older.
      'select from first.a; grant select (n) on first.a to ROLE',
      "has_column_privilege('ROLE', 'first.a', 'n', 'select')",
    ],
    ['index', 'create index by_n on first.a (n)', "to_regclass('first.by_n') is not null"],
    [
      'comment',
      "comment on materialized view first.a is 'x'",
      "obj_description('first.a'::regclass, 'pg_class') = 'x'",
    ],
    [
      'comment on a column',
      "comment on column first.a.n is 'x'",
      "col_description('first.a'::regclass, 1) = 'x'",
    ],
    [
      'statistics object',
      'create statistics first.together on n, m from first.a',
      "exists (select from pg_statistic_ext where stxrelid = 'first.a'::regclass)",
    ],
    [
      'new owner',
      'grant usage, create on schema first to ROLE; alter materialized view first.a owner to ROLE',
      "(select relowner = 'ROLE'::regrole from pg_class where oid = 'first.a'::regclass)",
    ],
  ])('is done to the new version too: a %s', async (_, statement, isThere) => {
    const world = await makeWorld(sources, { ...files, 'duro.yaml': 'default_interval: 1h\n' })
    const role = await world.createRole('nologin')
    await world.refresh()
    await world.sql(`grant select on source to ${role}`)
    const before = await relationIds(world.url)
    await usingClient(world.url, async (client) => {
      await client.query(`begin; ${statement.replaceAll('ROLE', role)}`)
      const committed: Promise<unknown>[] = []
      const { error } = await world.duro(['refresh', '--force'], {
        onEvent: (event) => {
          if (event.type === 'stage-started' && event.stage === 'swap')
            committed.push(untilItWaits(world).then(() => client.query('commit')))
        },
      })
      await Promise.all(committed)
      expect(error).toBeNull()
    })
    expect((await relationIds(world.url))['first.a']).not.toBe(before['first.a'])
    expect(await world.sql(`select ${isThere.replaceAll('ROLE', role)} as there`)).toEqual([{ there: true }])
    expect(await leftovers(world.url)).toEqual([])
    await world.sql(`drop owned by ${role} cascade`)
  })
})

const untilItWaits = (world: World): Promise<void> =>
  vi.waitFor(
    async () => {
      const waiting = await world.sql(`select from pg_stat_activity
        where datname = current_database() and application_name = 'duro swap' and wait_event_type = 'Lock'`)
      expect(waiting).not.toEqual([])
    },
    { timeout: 10_000, interval: 10 },
  )

describe('a materialized view that somebody builds on a live view while the new version is built', () => {
  test('is not left bound to the old version: the swap is refused', async () => {
    const world = await makeWorld(sources, { ...files, ...patientTest })
    await world.refresh()
    const before = await relationIds(world.url)
    const ran = await refreshWhile(world, 'create materialized view mine as select n from first.a')
    expect(ran.code).toBe(1)
    expect(ran.error?.message).toBe(
      'materialized view public.mine depends on first.a and would stay bound to its old version',
    )
    expect(await relationIds(world.url)).toMatchObject(before)
    await world.sql('drop materialized view mine')
    expect((await world.duro(['swap'])).error).toBeNull()
    expect(await disagreements(world.url)).toEqual([])
    expect(await leftovers(world.url)).toEqual([])
  })
})

describe('a run that has lost its lock', () => {
  test('publishes nothing, says so at once, and can be published later', async () => {
    const world = await makeWorld(sources, {
      ...files,
      ...patientTest,
      'duro.yaml': 'default_interval: 1h\n',
    })
    await world.refresh()
    const before = await relationIds(world.url)
    const ran = await refreshWhile(
      world,
      `select pg_terminate_backend(pid) from pg_locks
       where locktype = 'advisory' and objid = 0 and mode = 'ExclusiveLock'
         and database = (select oid from pg_database where datname = current_database())`,
    )
    expect(ran.code).toBe(1)
    expect(ran.error?.message).toContain('the session that held the run lock was lost')
    expect(await relationIds(world.url)).toMatchObject(before)
    expect((await world.duro(['swap'])).error).toBeNull()
    expect(await leftovers(world.url)).toEqual([])
  })
})

describe('a prepared transaction that has read a live view', () => {
  test('is named when the swap is given up', async (context) => {
    const world = await makeWorld(sources, files)
    await world.refresh()
    const [row] = await world.sql<{ most: string }>(
      "select current_setting('max_prepared_transactions') as most",
    )
    context.skip(row?.most === '0', 'the server allows no prepared transactions')
    await world.sql("begin; select from first.a; prepare transaction 'forgotten'")
    const ran = await world.duro(['refresh', '--force'])
    expect(ran.error?.message).toMatch(/prepared transaction 'forgotten' of \w+, \d+ s old/)
    await world.sql("rollback prepared 'forgotten'")
    expect((await world.duro(['swap'])).error).toBeNull()
  })
})

/** What indexes stand on the live version, as the server prints them, with their options. */
const indexesOn = async (world: World): Promise<string[]> =>
  (
    await world.sql<{ index: string }>(
      `select pg_get_indexdef(indexrelid) as index from pg_index where indrelid = 'first.a'::regclass order by 1`,
    )
  ).map(({ index }) => index.replace(/ ON .* USING/, ' on'))

describe('an index that is changed on a live view after its new version was built', () => {
  const waiting = { ...files, 'duro.yaml': 'default_interval: 1h\nswap: { give_up_after: 1s }\n' }

  test.each(['by_n', 'constructor'])(
    'is made again once, however often the swap is tried: %s',
    async (name) => {
      const world = await makeWorld(sources, waiting)
      await world.refresh()
      await world.sql(`create index by_n on first.a (n)`)
      await world.refresh('--force', '--no-swap')
      await world.sql(`drop index first.by_n; create index ${name} on first.a (m)`)
      await usingClient(world.url, async (client) => {
        await client.query('begin; select from first.a')
        expect((await world.duro(['swap'])).code).toBe(1)
        await client.query('rollback')
      })
      expect((await world.duro(['swap'])).error).toBeNull()
      expect(await indexesOn(world)).toEqual([`CREATE INDEX ${name} on btree (m)`])
    },
  )

  test('is changed or renamed between two tries, and so are statistics', async () => {
    const world = await makeWorld(sources, waiting)
    await world.refresh()
    await world.refresh('--force', '--no-swap')
    await world.sql(`create index y on first.a (m); create index w on first.a (n, m);
      create statistics first.changed on n, m from first.a`)
    await usingClient(world.url, async (client) => {
      await client.query('begin; select from first.a')
      expect((await world.duro(['swap'])).code).toBe(1)
      await client.query('rollback')
    })
    await world.sql(`alter index first.y rename to y2; alter index first.w set (fillfactor = 60);
      alter statistics first.changed set statistics 77`)
    expect((await world.duro(['swap'])).error).toBeNull()
    expect(await indexesOn(world)).toEqual([
      "CREATE INDEX w on btree (n, m) WITH (fillfactor='60')",
      'CREATE INDEX y2 on btree (m)',
    ])
    expect(
      await world.sql('select stxname::text as name, stxstattarget::int as target from pg_statistic_ext'),
    ).toEqual([{ name: 'changed', target: 77 }])
  })

  test('is not left where it is dropped again between two tries, and neither are statistics', async () => {
    const world = await makeWorld(sources, waiting)
    await world.refresh()
    await world.refresh('--force', '--no-swap')
    await world.sql('create index by_hand on first__duro_new.a (n desc)')
    await world.sql(`comment on materialized view first.a is 'said'; create index x on first.a (n);
      create index y on first.a (m); create index z on first.a (n, m);
      create statistics first.related on n, m from first.a; create statistics first.kept (mcv) on n, m from first.a`)
    await usingClient(world.url, async (client) => {
      await client.query('begin; select from first.a')
      expect((await world.duro(['swap'])).code).toBe(1)
      await world.sql('alter index first.y rename to y2')
      expect((await world.duro(['swap'])).code).toBe(1)
      await client.query('rollback')
    })
    await world.sql('drop index first.x; drop index first.y2; drop statistics first.related')
    expect((await world.duro(['swap'])).error).toBeNull()
    expect(await indexesOn(world)).toEqual([
      'CREATE INDEX by_hand on btree (n DESC)',
      'CREATE INDEX z on btree (n, m)',
    ])
    expect(
      await world.sql(
        `select stxname::text as name, obj_description(stxrelid, 'pg_class') as comment from pg_statistic_ext`,
      ),
    ).toEqual([{ name: 'kept', comment: 'said' }])
  })

  test('and has its name from the settings keeps it, beside the one that was renamed', async () => {
    const world = await makeWorld(sources, {
      ...files,
      'views/first/a.yaml': 'indexes: [{ columns: [n], name: x }]',
    })
    await world.refresh()
    await world.refresh('--force', '--no-swap')
    await world.sql('alter index first.x rename to better')
    expect((await world.duro(['swap'])).error).toBeNull()
    const both = ['CREATE INDEX better on btree (n)', 'CREATE INDEX x on btree (n)']
    expect(await indexesOn(world)).toEqual(both)
    await world.refresh('--force')
    expect(await indexesOn(world)).toEqual(both)
  })

  const declared = { ...files, 'views/first/a.yaml': 'indexes: [n]' }

  test('is not lost where it is declared: its options', async () => {
    const world = await makeWorld(sources, declared)
    await world.refresh()
    await world.refresh('--force', '--no-swap')
    await world.sql('alter index first.a_n_idx set (fillfactor = 60)')
    expect((await world.duro(['swap'])).error?.message).toContain('first.a (index a_n_idx)')
    await world.refresh('--force')
    expect(await indexesOn(world)).toEqual(["CREATE INDEX a_n_idx on btree (n) WITH (fillfactor='60')"])
  })

  test('is not made twice where it is declared: its name', async () => {
    const world = await makeWorld(sources, declared)
    await world.refresh()
    await world.refresh('--force', '--no-swap')
    await world.sql('alter index first.a_n_idx rename to better')
    expect((await world.duro(['swap'])).error).toBeNull()
    expect(await indexesOn(world)).toEqual(['CREATE INDEX better on btree (n)'])
    await world.refresh('--force')
    expect(await indexesOn(world)).toEqual(['CREATE INDEX better on btree (n)'])
  })

  test('is told from one that another role sees printed otherwise', async () => {
    const world = await makeWorld(
      "create table source as select 1 as n, timestamptz '2024-01-01 00:00+00' as m",
      files,
    )
    await world.refresh()
    await world.sql("create index recent on first.a (n) where m > timestamptz '2020-01-01 00:00+00'")
    await world.refresh('--force', '--no-swap')
    const role = await world.createRole("login superuser password 'x'")
    await world.sql(
      `alter role ${role} set timezone = 'Asia/Tokyo'; alter role ${role} set datestyle = 'SQL, DMY'`,
    )
    expect((await duro(world.project, world.urlFor(role, 'x'), ['swap'])).error).toBeNull()
    expect((await duro(world.project, world.urlFor(role, 'x'), ['refresh', '--force'])).error).toBeNull()
    expect(await indexesOn(world)).toHaveLength(1)
  })
})

describe('a table that somebody attaches to another one', () => {
  const becoming = {
    'a child': 'create table parent (n int, m int); alter table first.a inherit parent',
    'a partition':
      'create table parent (n int, m int) partition by list (n); alter table parent attach partition first.a for values in (1)',
  }
  const table = { 'views/first/a.yaml': 'materialized: table' }

  test.each(Object.entries(becoming))('as %s while it is built anew stays there', async (_, attach) => {
    const world = await makeWorld(sources, { ...files, ...table, ...patientTest })
    await world.refresh()
    const before = await relationIds(world.url)
    const ran = await refreshWhile(world, attach)
    expect(ran.error?.message).toBe(
      'first.a is partitioned, or takes part in inheritance, and cannot be exchanged as a whole',
    )
    expect(await relationIds(world.url)).toMatchObject(before)
    await world.sql(`do $$ begin
      if exists (select from pg_class where relname = 'parent' and relkind = 'p') then
        alter table parent detach partition first.a;
      else
        alter table first.a no inherit parent;
      end if; end $$`)
    expect((await world.duro(['swap'])).error).toBeNull()
    expect(await leftovers(world.url)).toEqual([])
  })

  test('does not go back either', async () => {
    const world = await makeWorld(sources, {
      ...table,
      ...files,
      'duro.yaml': 'default_interval: 1h\nkeep_previous: true\n',
    })
    await world.refresh()
    await world.refresh('--force')
    await world.sql(becoming['a child'])
    expect((await world.duro(['swap', '--back'])).error?.message).toContain('takes part in inheritance')
    expect(await world.sql('select n from parent')).toEqual([{ n: 1 }])
  })
})
