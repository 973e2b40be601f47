import { expect, test } from 'vitest'
import * as z from 'zod'

import { citiesFiles, citiesSources } from '../../support/redshift/cities.ts'
import {
  clusterUrl,
  makeRedshiftWorld,
  redshiftYaml,
  type RedshiftWorld,
} from '../../support/redshift/redshift-world.ts'
import { refusedByGrammar } from '../../support/redshift/refused-by-grammar.ts'
import { ensureGroups } from '../../support/redshift/relations.ts'

const described = z.object({
  statements: z.array(z.object({ stage: z.string(), view: z.string().nullable(), sql: z.string() })),
})

async function planned(world: RedshiftWorld): Promise<z.infer<typeof described>['statements']> {
  const { stdout, error } = await world.duro(['plan', '--sql', '--json', '--force'], {})
  expect(error).toBeNull()
  return described.parse(JSON.parse(stdout)).statements
}

async function makeCities(more: Record<string, string> = {}): Promise<RedshiftWorld> {
  const world = await makeRedshiftWorld(await citiesSources(), { ...(await citiesFiles()), ...more })
  await ensureGroups(world, 'cities_reader', 'cities_analyst')
  return world
}

test('before the first run every statement is one that Redshift reads', async () => {
  const world = await makeCities({
    'views/first/loaded.sql': 'create table first.loaded (n int)',
    'views/first/loaded_select.sql': 'select id as n from first.cities',
    'views/first/loaded.yaml': 'interval: 1h\nprocessor: [cat]\ngrant_select: null\ndiststyle: null',
    'views/second/kept.sql': 'select id from first.cities',
    'views/second/kept.yaml':
      'interval: 1h\nsortkey: { interleaved: id }\ndiststyle: key\ndistkey: id\nbackup: false\nsnapshots_interval: 1d',
  })
  const statements = await planned(world)
  expect(refusedByGrammar(statements)).toEqual([])
  expect(statements.map(({ sql }) => sql)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(
        /^create table second\.kept__duro_new backup no diststyle key distkey\(id\) interleaved sortkey\(id\) as\n/,
      ),
      expect.stringMatching(/^lock duro\.run_lock, .*first\.cities__duro_new/),
      'alter table first.cities__duro_new rename to cities',
    ]),
  )
})

test('a load is shown as it is sent, without its keys', async () => {
  const keys = {
    access_key_id: 'AKIAIOSFODNN7EXAMPLE',
    secret_access_key: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    session_token: 'FwoGZXIvYXdzEXAMPLE//TOKEN==',
  }
  const world = await makeRedshiftWorld(['create schema a', 'create table a.source (n int)'], {
    'duro.yaml': `${redshiftYaml}s3:
  bucket: loads
  region: eu-west-1
${Object.entries(keys)
  .map((each) => `  ${each.join(': ')}\n`)
  .join('')}`,
    'views/a/loaded.sql': 'create table a.loaded (n int)',
    'views/a/loaded_select.sql': 'select n from a.source',
    'views/a/loaded.yaml': 'processor: [cat, "two\\nlines; drop"]',
  })
  const statements = await planned(world)
  expect(refusedByGrammar(statements)).toEqual([])
  const copies = statements.map(({ sql }) => sql).filter((sql) => sql.includes('copy '))
  expect(copies).toEqual([
    expect.stringMatching(
      /^-- .*\ncopy a\.loaded__duro_new\nfrom 's3:\/\/loads\/duro\/.*'\naccess_key_id '\*{3}' secret_access_key '\*{3}' session_token '\*{3}'\nregion 'eu-west-1'\n/,
    ),
  ])
  for (const options of [[], ['--json']]) {
    const { stdout } = await world.duro(['plan', '--sql', '--force', ...options], {})
    expect(stdout).toContain('copy a.loaded__duro_new')
    for (const key of Object.values(keys)) expect(stdout).not.toContain(key)
  }
})

test('with views that are live, and others that depend on them, they are too', async () => {
  const world = await makeCities()
  await world.refresh()
  await world.sql(
    'create view first.outside as select id from first.cities',
    "comment on table first.cities is 'it''s \\\\ here'",
    'grant select, insert on first.cities to group cities_analyst',
  )
  const statements = await planned(world)
  expect(refusedByGrammar(statements)).toEqual([])
  expect(statements.map(({ sql }) => sql)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^create or replace view first\.outside as\n/),
      'alter table first.cities rename to cities__duro_old',
      'drop table first.cities__duro_old',
    ]),
  )
})

test('the statements come in the order in which a run sends them', async () => {
  const world = await makeCities()
  const statements = await planned(world)
  const order = ['record totals', 'build', 'test', 'swap', 'drop', 'history']
  const stages = statements.map(({ stage }) => order.indexOf(stage))
  expect(stages).toEqual(stages.toSorted((one, other) => one - other))
  const swap = statements.filter(({ stage }) => stage === 'swap').map(({ sql }) => sql)
  expect(swap.slice(2, 4)).toEqual(['begin', expect.stringMatching(/^lock /)])
  expect(swap.at(-1)).toBe('commit')
})

const madeAnew = (statements: readonly string[]): string[] =>
  statements.flatMap((sql) => /^create or replace view (\S+)/.exec(sql)?.[1] ?? [])

test.skipIf(clusterUrl !== null)(
  'an old version that was kept is not made anew, as it is not by the run',
  async () => {
    const world = await makeRedshiftWorld(['create table source (n int)'], {
      'duro.yaml': `${redshiftYaml}keep_previous: true\n`,
      'views/first/a.sql': 'select n from source',
      'views/first/plain.sql': 'select n from first.a',
      'views/first/plain.yaml': 'materialized: none',
    })
    await world.refresh()
    await world.refresh('first.plain')
    await world.sql('create view first.outside as select n from first.a')
    const plan = madeAnew((await planned(world)).map(({ sql }) => sql))
    expect(plan).toEqual(['first.outside'])
    const sent: string[] = []
    world.onStatement((statement) => {
      sent.push(statement)
      return null
    })
    await world.refresh('--force')
    expect(madeAnew(sent)).toEqual(plan)
  },
)
