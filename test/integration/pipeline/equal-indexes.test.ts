import { randomBytes } from 'node:crypto'

import { describe, expect, test } from 'vitest'

import { leftovers } from '../../support/catalog.ts'
import { usingClient } from '../../support/client.ts'
import { describeFrom } from '../../support/pg-version.ts'
import { patientTest, refreshWhile } from '../../support/refresh-while.ts'
import { makeWorld, type World } from '../../support/world.ts'

const select = "select 1 as id, 2 as customer, 'x'::text as name"
const settings = (text: string) => ({ 'views/first/a.yaml': text })

/** Of first.a, by name: method and columns, and what else stands on it. */
async function indexes(world: World): Promise<Record<string, string>> {
  const rows = await world.sql<{ name: string; text: string }>(
    `select c.relname as name, concat_ws(' | ', substring(pg_get_indexdef(c.oid) from 'USING (.*)'), obj_description(c.oid),
            t.spcname,
            (select 'statistics ' || a.attstattarget from pg_attribute a where a.attrelid = c.oid and a.attstattarget >= 0),
            case when i.indisclustered then 'clustered' end, case when i.indisreplident then 'identity' end,
            (select contype::text from pg_constraint where conindid = c.oid)) as text
     from pg_index i join pg_class c on c.oid = i.indexrelid left join pg_tablespace t on t.oid = c.reltablespace
     where i.indrelid = 'first.a'::regclass order by 1`,
  )
  return Object.fromEntries(rows.map((row) => [row.name, row.text]))
}

/** A world whose view first.a is published and has indexes made by hand. */
async function makeWorldWith(declared: string, byHand: string): Promise<World> {
  const world = await makeWorld('', { 'views/first/a.sql': select, ...settings(declared) })
  await world.refresh()
  if (byHand !== '') await world.sql(byHand)
  return world
}

describe('indexes that are the same but for their names', () => {
  test.each([
    ['one', 'create index a_dup on first.a (id)'],
    ['two', 'create index a_dup on first.a (id); create index z_dup on first.a (id)'],
    [
      'one, beside a comment on the declared one,',
      "create index a_dup on first.a (id); comment on index first.a_id_idx is 'declared'",
    ],
    [
      'one with a comment and options',
      "create index z_dup on first.a (id) with (fillfactor = 50); comment on index first.z_dup is 'mine'",
    ],
  ])('stay all: %s made by hand beside the declared one', async (_, byHand) => {
    const world = await makeWorldWith('indexes: [id]', byHand)
    const before = await indexes(world)
    await world.refresh('--force')
    await world.refresh('--force')
    expect(await indexes(world)).toEqual(before)
    await world.project.update(settings('indexes: [customer]'))
    await world.refresh()
    const { a_id_idx: withdrawn, ...byHandOnly } = before
    expect(withdrawn).toBeDefined()
    expect(await indexes(world)).toEqual({ ...byHandOnly, a_customer_idx: 'btree (customer)' })
    expect(await leftovers(world.url)).toEqual([])
  })

  test('are both made where the settings declare them, and stay', async () => {
    const world = await makeWorldWith('indexes: [id, { columns: [id], name: second }]', '')
    const both = { a_id_idx: 'btree (id)', second: 'btree (id)' }
    expect(await indexes(world)).toEqual(both)
    await world.refresh('--force')
    await world.refresh('--force')
    expect(await indexes(world)).toEqual(both)
  })

  test('a declared one without a name takes over one that was made by hand, and leaves the others', async () => {
    const world = await makeWorldWith('{}', 'create index b on first.a (id); create index c on first.a (id)')
    await world.project.update(settings('indexes: [id]'))
    await world.refresh()
    expect(Object.keys(await indexes(world))).toEqual(['b', 'c'])
    await world.project.update(settings('indexes: [customer]'))
    await world.refresh()
    expect(Object.keys(await indexes(world))).toEqual(['a_customer_idx', 'c'])
  })

  test('one that is made by hand while the new version is built is made there too', async () => {
    const world = await makeWorldWith('indexes: [id]', '')
    await world.project.update(patientTest)
    const ran = await refreshWhile(world, 'create index a_dup on first.a (id)')
    expect(ran.error).toBeNull()
    expect(Object.keys(await indexes(world))).toEqual(['a_dup', 'a_id_idx'])
  })

  test('the index of a constraint stays beside a declared one', async () => {
    const world = await makeWorldWith(
      'materialized: table\nindexes: [{ columns: [id], unique: true }]',
      `alter table first.a add primary key (id); alter table first.a add constraint alone unique (id);
       alter table first.a cluster on alone; alter table first.a replica identity using index a_pkey`,
    )
    const before = await indexes(world)
    expect(before).toEqual({
      a_id_idx: 'btree (id)',
      a_pkey: 'btree (id) | identity | p',
      alone: 'btree (id) | clustered | u',
    })
    await world.refresh('--force')
    expect(await indexes(world)).toEqual(before)
  })
})

describe('what was done by hand to a declared index', () => {
  test('stays: comment, options, statistics targets and the parts that it plays', async () => {
    const world = await makeWorldWith(
      'materialized: table\nindexes: [{ columns: [id], unique: true }, name, "lower(name)"]',
      `alter index first.a_lower_name_idx alter column 1 set statistics 50;
       comment on index first.a_id_idx is 'mine'; alter index first.a_id_idx set (fillfactor = 50);
       alter table first.a alter id set not null; alter table first.a cluster on a_name_idx;
       alter table first.a replica identity using index a_id_idx`,
    )
    const before = await indexes(world)
    expect(before).toEqual({
      a_id_idx: "btree (id) WITH (fillfactor='50') | mine | identity",
      a_lower_name_idx: 'btree (lower(name)) | statistics 50',
      a_name_idx: 'btree (name) | clustered',
    })
    await world.refresh('--force')
    await world.refresh('--force')
    expect(await indexes(world)).toEqual(before)
    await world.project.update(
      settings(`materialized: table
indexes:
  - { columns: [id], unique: true, name: by_id }
  - { columns: [name], name: by_name }
  - { columns: ["lower(name)"], name: by_lower }`),
    )
    await world.refresh()
    expect(await indexes(world)).toEqual({
      by_id: before['a_id_idx'],
      by_lower: before['a_lower_name_idx'],
      by_name: before['a_name_idx'],
    })
  })

  test('goes with it where the settings no longer have it', async () => {
    const world = await makeWorldWith(
      'materialized: table\nindexes: [id, name]',
      'alter table first.a cluster on a_name_idx',
    )
    await world.project.update(settings('materialized: table\nindexes: [id]'))
    await world.refresh()
    expect(await indexes(world)).toEqual({ a_id_idx: 'btree (id)' })
  })
})

describeFrom(15, 'the tablespace that a declared index was moved to', () => {
  test('stays', async () => {
    const world = await makeWorldWith('indexes: [id]', '')
    const space = `duro_test_${randomBytes(5).toString('hex')}`
    await usingClient(world.url, async (client) => {
      await client.query('set allow_in_place_tablespaces = on')
      await client.query(`create tablespace ${space} location ''`)
    })
    await world.sql(`alter index first.a_id_idx set tablespace ${space}`)
    await world.refresh('--force')
    expect(await indexes(world)).toEqual({ a_id_idx: `btree (id) | ${space}` })
    await world.sql('alter index first.a_id_idx set tablespace pg_default')
    await world.sql(`drop tablespace ${space}`)
  })
})

describe('the name that the settings give to an index', () => {
  test('is what it has afterwards, also where the same index stands under another one', async () => {
    const world = await makeWorldWith('indexes: [id]', "comment on index first.a_id_idx is 'mine'")
    await world.project.update(settings('indexes: [{ columns: [id], name: ix1 }]'))
    await world.refresh()
    expect(await indexes(world)).toEqual({ ix1: 'btree (id) | mine' })
    await world.project.update(settings('indexes: [id]'))
    await world.refresh()
    expect(await indexes(world)).toEqual({ ix1: 'btree (id) | mine' })
  })

  test('leaves one that was made by hand its own', async () => {
    const world = await makeWorldWith('{}', 'create index by_hand on first.a (id)')
    await world.project.update(settings('indexes: [{ columns: [id], name: ix1 }]'))
    await world.refresh()
    expect(Object.keys(await indexes(world))).toEqual(['by_hand', 'ix1'])
  })

  test('may be exchanged between two that are the same, and between two that are not', async () => {
    const world = await makeWorldWith(
      'indexes: [{ columns: [id], name: ix1 }, { columns: [customer], name: ix2 }, { columns: [id], name: ix3 }]',
      "comment on index first.ix1 is 'one'; comment on index first.ix3 is 'three'",
    )
    await world.project.update(
      settings(
        'indexes: [{ columns: [id], name: ix2 }, { columns: [customer], name: ix1 }, { columns: [id], name: ix3 }]',
      ),
    )
    await world.refresh()
    expect(await indexes(world)).toEqual({
      ix1: 'btree (customer)',
      ix2: 'btree (id) | one',
      ix3: 'btree (id) | three',
    })
    await world.refresh('--force')
  })
})

describe('an index that the settings call as another one of the view', () => {
  const named = settings('indexes: [{ columns: [id], name: mine }]')

  test('made by hand is refused before anything is built', async () => {
    const world = await makeWorldWith('{}', 'create index mine on first.a (customer)')
    await world.project.update(named)
    const ran = await world.duro(['refresh'])
    expect(ran.error).toMatchObject({
      code: 'preflight',
      problems: [
        {
          message: 'an index of first.a is to be called mine, and so is the index first.mine on first.a',
          hint: 'Set another name for the index, or rename what stands there.',
        },
      ],
    })
  })

  test('made by hand is refused by the build where only the server can tell them apart', async () => {
    const world = await makeWorldWith('{}', 'create index mine on first.a using hash (id)')
    await world.project.update(named)
    const ran = await world.duro(['refresh'])
    expect(ran.error).toMatchObject({
      code: 'build',
      message: 'an index of first.a is to be called mine, and so is one that was made by hand',
      hint: 'Set another name for the index, or rename the one that stands there.',
    })
    expect(await indexes(world)).toEqual({ mine: 'hash (id)' })
    await world.sql('alter index first.mine rename to other')
    await world.refresh()
    expect(await indexes(world)).toEqual({ mine: 'btree (id)', other: 'hash (id)' })
  })

  test('that a constraint has taken for itself is refused', async () => {
    const world = await makeWorldWith(
      'materialized: table\nindexes: [{ columns: [id], unique: true }]',
      'alter table first.a add constraint a_id_idx unique using index a_id_idx',
    )
    const ran = await world.duro(['refresh', '--force'])
    expect(ran.error).toMatchObject({
      code: 'preflight',
      problems: [
        {
          message:
            'an index of first.a is to be called a_id_idx, and so is the index first.a_id_idx on first.a',
          hint: 'Set another name for the index, or rename what stands there.',
        },
      ],
    })
    await world.sql('alter table first.a rename constraint a_id_idx to a_id_key')
    await world.refresh('--force')
    expect(await indexes(world)).toEqual({ a_id_idx: 'btree (id)', a_id_key: 'btree (id) | u' })
  })
})
