import { expect, test } from 'vitest'

import { ProblemsError } from '../../../src/errors.ts'
import { disagreements, leftovers } from '../../support/catalog.ts'
import { pathOnly } from '../../support/python.ts'
import { usingClient } from '../../support/database.ts'
import { makeWorld, type World } from '../../support/world.ts'

const sources = String.raw`create table source as
  select 'it''s \ ö' as text, timestamptz '2026-02-03 04:05:06.789+00' as at, 0.1::float8 + 0.2 as float,
         interval '-1 day 02:00' as span, decode('00ff', 'hex') as bytes, xmlelement(name x) as xml`

const files = {
  'views/first/a.sql':
    'select source.*, 1 as one from source, (select pg_sleep(0.4)::text as waited) as a_while',
  'views/first/a.yaml': String.raw`description: 'back\slash ''quoted'' ö'`,
  'views/first/b.sql': String.raw`select text, at, float, span, bytes from first.a where text like '%\\%'`,
  'views/first/b.yaml': 'materialized: table',
  'views/first/json.sql': 'select text from first.b',
}

/** What an administrator may have set for a role or a database, and a session of duro begins with. */
test.each([
  ['standard_conforming_strings', 'off'],
  ['quote_all_identifiers', 'on'],
  ['default_transaction_isolation', 'serializable'],
  ['default_transaction_isolation', 'repeatable read'],
  ['default_transaction_read_only', 'on'],
  ['default_transaction_deferrable', 'on'],
  ['search_path', 'nowhere'],
  ['datestyle', 'sql, dmy'],
  ['datestyle', 'german'],
  ['intervalstyle', 'sql_standard'],
  ['extra_float_digits', '-10'],
  ['bytea_output', 'escape'],
  ['client_encoding', 'latin1'],
  ['row_security', 'off'],
  ['statement_timeout', '300ms'],
  ['lock_timeout', '1ms'],
  ['idle_in_transaction_session_timeout', '200ms'],
  ['client_min_messages', 'debug1'],
  ['jit_above_cost', '0'],
])('%s = %s changes nothing', async (name, value) => {
  const world = await makeWorld(sources, files)
  await world.refresh()
  await world.sql(String.raw`create view report as select text from first.b where text <> E'\\''';
    comment on column first.a.text is E'a \\ "column"'`)
  const [set] = await world.sql<{ statement: string }>(
    "select format('alter database %I set %s = %s', current_database(), $1::text, $2::text) as statement",
    [name, value.includes(',') ? value : `'${value}'`],
  )
  await world.sql(set?.statement ?? '')
  expect((await world.duro(['refresh', '--force'])).error).toBeNull()
  expect((await world.duro(['refresh'])).events.at(-1)).toMatchObject({ outcome: 'nothing-to-do' })
  expect((await world.duro(['history'])).error).toBeNull()
  expect(await leftovers(world.url)).toEqual([])

  const [reset] = await world.sql<{ statement: string }>(
    "select format('alter database %I reset all', current_database()) as statement",
  )
  await world.sql(`begin read write; ${reset?.statement}; commit`)
  const [same] = await world.sql(`
    select (select row(b.*)::text from first.b) = (select row(text, at, float, span, bytes)::text from source) as rows,
           col_description('first.a'::regclass, 1) as comment, obj_description('first.a'::regclass, 'pg_class') as description,
           (select count(*)::int from report) as report`)
  expect(same).toEqual({
    rows: true,
    comment: String.raw`a \ "column"`,
    description: String.raw`back\slash 'quoted' ö`,
    report: 1,
  })
  expect(await disagreements(world.url)).toEqual([])

  // What is refused is still refused, whatever the server quotes.
  await world.sql('create materialized view mine as select text from first.json')
  await world.sql(set?.statement ?? '')
  expect((await world.duro(['refresh', '--force'])).error).toBeInstanceOf(ProblemsError)
})

test('datestyle = german changes nothing in the list of dated copies', async () => {
  const world = await makeWorld(sources, {
    'views/first/a.sql': 'select 1 as n',
    'views/first/a.yaml': 'snapshots_interval: 1d',
  })
  await world.sql(
    "do $$ begin execute format('alter database %I set datestyle = german', current_database()); end $$",
  )
  await world.refresh()
  const { stdout } = await world.duro(['--json', 'history', 'first.a'])
  const [copy] = await world.sql<{ at: string }>(
    `select to_char(snapshot_timestamp at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at
     from first.a_history`,
  )
  expect(stdout).toContain(copy?.at ?? 'no copy')
})

/** Two moments that a clock in Moscow shows alike, in every form that rows may have. */
const moments = `create table source as
  select i, at, array[at, null] as list, tstzrange(at, null) as range, xml 'no <b>document</b>' as xml
  from generate_series(0, 1) as i, lateral (select timestamptz '2014-10-25 21:30+00' + i * interval '1h' as at) as moments`

const odd = [
  'timezone to "Europe/Moscow"',
  'datestyle to sql, dmy',
  'array_nulls to off',
  'xmloption to document',
  'intervalstyle to sql_standard',
]

/** The rows of a table in first, and those of its source, told apart by the last digit of what they hold. */
const compared = (table: string): string => `
  select array(select ${exact} from first.${table} order by i) as kept, array(select ${exact} from source order by i) as given`

const exact = `(i, at at time zone 'UTC', extract(epoch from list[1]), list[2] is null,
  extract(epoch from lower(range)), xml::text)::text`

test('rows that pass as text or through a program are the same afterwards, whatever is set', async () => {
  const columns = 'i, at, list, range, xml, at::text as said'
  const world = await makeWorld(
    moments,
    {
      'views/first/text.sql': `select ${columns}, 'postgres=r/postgres'::aclitem as item from source`,
      'views/first/text.yaml': 'materialized: table',
      'views/first/plain.sql': `select ${columns} from source`,
      'views/first/plain.yaml': 'materialized: table',
      'views/first/passed_select.sql': `select ${columns} from source order by i desc`,
      'views/first/passed — 1h.sql':
        'create table passed (i int, at timestamptz, list timestamptz[], range tstzrange, xml xml, said text)',
      'views/first/passed.yaml': 'processor: [cp]',
    },
    pathOnly,
  )
  for (const setting of odd) {
    await world.sql(
      `do $$ begin execute format('alter database %I set ${setting}', current_database()); end $$`,
    )
  }
  await world.refresh()
  for (const table of ['text', 'plain', 'passed']) {
    const [rows] = await world.sql<{ kept: string[]; given: string[] }>(compared(table))
    expect(rows?.kept).toEqual(rows?.given)
    expect(await world.sql(`select distinct said from first.${table}`)).toEqual([
      { said: '26/10/2014 01:30:00 MSK' },
    ])
  }
})

test('default_tablespace is for what is new: what replaces a live version stays where that is', async () => {
  const world = await makeWorld(
    'create table source as select 1 as n',
    {
      'views/first/tab.sql': 'select n from source',
      'views/first/tab.yaml': 'materialized: table',
      'views/first/mat.sql': 'select n from first.tab',
      'views/first/mat.yaml': 'indexes: [{ columns: [n], name: declared }]\nsnapshots_interval: 1m',
      'views/first/fed_select.sql': 'select n from first.mat',
      'views/first/fed — 1h.sql': 'create table fed (n int)',
      'views/first/fed.yaml': 'processor: [cp]',
      // Read by another view of the run, so that all is made in one transaction.
      'views/first/last.sql': 'select n from first.fed',
    },
    pathOnly,
  )
  await world.refresh()
  await world.sql(`alter table first.tab add primary key (n); create index by_hand on first.mat (n) where n > 0;
    create index on_fed on first.fed (n) where n > 0`)
  const [role] = await world.sql<{ name: string }>("select 'space_of_' || current_database() as name")
  const space = role?.name ?? ''
  await usingClient(world.url, async (client) => {
    await client.query('set allow_in_place_tablespaces = on')
    await client.query(`create tablespace ${space} location ''`)
  })
  try {
    // One that lies elsewhere by hand stays there, and takes nothing with it.
    await world.sql(`alter table first.fed set tablespace ${space}`)
    const before = await places(world)
    await world.sql(
      `do $$ begin execute format('alter database %I set default_tablespace = ${space}', current_database()); end $$`,
    )
    await world.refresh('--force')
    expect(await places(world)).toEqual(before)
    await world.refresh('--force', '--no-swap')
    await world.sql(
      'set default_tablespace to default; create index meanwhile on first.mat (n desc) tablespace pg_default',
    )
    expect((await world.duro(['swap'])).error).toBeNull()
    expect(await places(world)).toEqual({ ...before, meanwhile: null })

    await world.project.update({
      'views/first/added.sql': 'select n from source',
      'views/first/added.yaml': 'indexes: [{ columns: [n], name: by_n }]',
    })
    await world.refresh()
    expect(await places(world)).toEqual({ ...before, meanwhile: null, added: space, by_n: space })
  } finally {
    await world.sql('drop schema first cascade')
    await world.sql(`drop tablespace ${space}`)
  }
})

/** The tablespace of each relation and index; null: the database's own. */
async function places(world: World): Promise<Record<string, string | null>> {
  const rows = await world.sql<{ name: string; space: string | null }>(
    `select c.relname as name, s.spcname as space from pg_class c left join pg_tablespace s on s.oid = c.reltablespace
     where c.relnamespace = 'first'::regnamespace and c.relkind <> 'c'`,
  )
  return Object.fromEntries(rows.map(({ name, space }) => [name, space]))
}
