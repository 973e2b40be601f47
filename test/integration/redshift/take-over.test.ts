import { randomBytes } from 'node:crypto'

import { expect, test } from 'vitest'

import { makeRedshiftWorld, type RedshiftWorld } from '../../support/redshift/redshift-world.ts'
import { ensureGroups } from '../../support/redshift/relations.ts'

const sources = ['create schema a', 'create table a.source (n int)']
const files = { 'views/a/numbers.sql': 'select n from a.source' }

async function make(settings: string): Promise<RedshiftWorld> {
  const world = await makeRedshiftWorld(sources, { ...files, 'views/a/numbers.yaml': settings })
  await ensureGroups(world, 'duro_test_group', 'duro_test_other')
  return world
}

async function grants(world: RedshiftWorld): Promise<string[]> {
  const rows = await world.sql<{ kind: string; name: string; privilege: string }>(
    `select identity_type as kind, identity_name as name, privilege_type as privilege from svv_relation_privileges
     where namespace_name = 'a' and relation_name = 'numbers' and identity_type <> 'user' order by 1, 2, 3`,
  )
  return rows.map(({ kind, name, privilege }) => `${kind} ${name} ${privilege.toLowerCase()}`)
}

test('the readers of the settings may select', async () => {
  const world = await make('grant_select: [group duro_test_group, public]')
  await world.refresh()
  expect(await grants(world)).toEqual(['group duro_test_group select', 'public public select'])
})

test('what was granted by hand is granted on the next version, and what is no longer declared goes', async () => {
  const world = await make('grant_select: [group duro_test_group]')
  await world.refresh()
  await world.sql('grant select, insert on a.numbers to group duro_test_other')
  await world.project.update({ 'views/a/numbers.yaml': 'grant_select: []' })
  await world.refresh('--force')
  expect(await grants(world)).toEqual(['group duro_test_other insert', 'group duro_test_other select'])
})

test('what is granted between build and swap is not lost', async () => {
  const world = await make('grant_select: [group duro_test_group]')
  await world.refresh()
  await world.refresh('--force', '--no-swap')
  await world.sql('grant select on a.numbers to group duro_test_other')
  expect((await world.duro(['swap'])).code).toBe(0)
  expect(await grants(world)).toEqual(['group duro_test_group select', 'group duro_test_other select'])
})

test('what is granted and revoked on a version comes along on the way back', async () => {
  const world = await make('grant_select: null')
  await world.project.update({ 'duro.yaml': 'engine: redshift\ndefault_interval: 1h\nkeep_previous: true\n' })
  await world.refresh()
  await world.sql('grant select, insert on a.numbers to group duro_test_group')
  await world.refresh('--force')
  await world.sql(
    'revoke select on a.numbers from group duro_test_group',
    'grant select on a.numbers to group duro_test_other',
  )
  expect((await world.duro(['swap', '--back'])).code).toBe(0)
  expect(await grants(world)).toEqual(['group duro_test_group insert', 'group duro_test_other select'])
})

test('a version goes back with a reader of its own, though the settings came to ask for the same', async () => {
  const world = await make('grant_select: [group duro_test_group]')
  await world.project.update({ 'duro.yaml': 'engine: redshift\ndefault_interval: 1h\nkeep_previous: true\n' })
  await world.sql(
    'create table a.numbers as select 7 as n',
    'grant select on a.numbers to group duro_test_group',
  )
  await world.refresh('--replace-tables')
  expect((await world.duro(['swap', '--back'])).error).toBeNull()
  expect(await world.sql('select n from a.numbers')).toEqual([{ n: 7 }])
  expect(await grants(world)).toEqual(['group duro_test_group select'])
})

test('what is revoked between build and swap stays so', async () => {
  const world = await make('grant_select: null')
  await world.refresh()
  await world.sql('grant select, insert on a.numbers to group duro_test_group')
  await world.refresh('--force', '--no-swap')
  await world.sql('revoke select on a.numbers from group duro_test_group')
  expect((await world.duro(['swap'])).code).toBe(0)
  expect(await grants(world)).toEqual(['group duro_test_group insert'])
})

test('what every new table gets by default, and was taken from this one, it does not get again', async () => {
  const world = await make('grant_select: null')
  await world.sql('alter default privileges in schema a grant select on tables to group duro_test_group')
  await world.refresh()
  expect(await grants(world)).toEqual(['group duro_test_group select'])
  await world.sql('revoke select on a.numbers from group duro_test_group')
  await world.refresh('--force')
  expect(await grants(world)).toEqual([])
})

test('comments stay, those of the settings win and go with them', async () => {
  const world = await make('description: Numbers\ncolumns: { N: how many }')
  const comments = (): Promise<unknown> =>
    world.sql(
      `select d.description from pg_description d join pg_class c on c.oid = d.objoid
       join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = 'a' and c.relname = 'numbers' and d.classoid = 'pg_class'::regclass order by d.objsubid`,
    )
  await world.refresh()
  expect(await comments()).toEqual([{ description: 'Numbers' }, { description: 'how many' }])
  await world.project.update({ 'views/a/numbers.yaml': 'columns: { n: how many }' })
  await world.refresh()
  expect(await comments()).toEqual([{ description: 'how many' }])
  await world.sql("comment on table a.numbers is 'by hand'")
  await world.refresh('--force')
  expect(await comments()).toEqual([{ description: 'by hand' }, { description: 'how many' }])
})

test('the owner stays', async () => {
  const world = await makeRedshiftWorld(sources, files)
  const name = `duro_test_${randomBytes(5).toString('hex')}`
  await world.sql(`create user ${name} password 'Secret123'`)
  const owner = async (): Promise<unknown> =>
    (await world.sql("select pg_get_userbyid(relowner) as name from pg_class where relname = 'numbers'"))[0]
  try {
    await world.refresh()
    await world.sql(`grant all on schema a to ${name}`, `alter table a.numbers owner to ${name}`)
    await world.refresh('--force')
    expect(await owner()).toEqual({ name })
  } finally {
    await world.sql('drop table a.numbers', `revoke all on schema a from ${name}`, `drop user ${name}`)
  }
})
