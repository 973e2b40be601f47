import { describe, expect, test } from 'vitest'

import { disagreements, leftovers } from '../../support/catalog.ts'
import { usingClient } from '../../support/database.ts'
import { warnings } from '../../support/duro.ts'
import { makeWorld } from '../../support/world.ts'

const sources = 'create table source as select 1 as n'
const files = {
  'views/first/a.sql': 'select n from source',
  'views/first/b.sql': 'select n * 10 as n from first.a',
}
const keeping = { 'duro.yaml': 'default_interval: 1h\nkeep_previous: true\n' }

describe('an old version that somebody has built on', () => {
  test('stays, and does not hold up the refreshes that follow', async () => {
    const world = await makeWorld(sources, files)
    await world.refresh()
    await usingClient(world.url, async (session) => {
      await session.query('create temp view mine as select n from first.a')
      for (const n of [2, 3, 4]) {
        await world.sql(`update source set n = ${n}`)
        const ran = await world.refresh('--force')
        expect(warnings(ran).join()).toContain('first__duro_old.a could not be dropped yet')
        expect(await world.sql('select n from first.b')).toEqual([{ n: n * 10 }])
        expect((await session.query('select n from mine')).rows).toEqual([{ n: 1 }])
        expect(await disagreements(world.url)).toEqual([])
      }
    })
    await world.refresh('--force')
    expect(await leftovers(world.url)).toEqual([])
  })

  test('is not mistaken for the one to return to', async () => {
    const world = await makeWorld(sources, { ...files, ...keeping })
    await world.refresh()
    await usingClient(world.url, async (session) => {
      await session.query('create temp view mine as select n from first.a')
      for (const n of [2, 3]) {
        await world.sql(`update source set n = ${n}`)
        await world.refresh('--force')
      }
      expect((await world.duro(['swap', '--back'])).error).toBeNull()
      expect(await world.sql('select n from first.b')).toEqual([{ n: 20 }])
      expect(await disagreements(world.url)).toEqual([])
    })
  })
})

describe('duro swap --back', () => {
  test('refuses a part of a set, and leaves the live views', async () => {
    const world = await makeWorld(sources, { ...files, ...keeping })
    await world.refresh()
    await world.sql('update source set n = 2')
    await world.refresh('--force')
    await world.sql('drop materialized view first__duro_old.b')
    await world.sql(`delete from duro.relations where relation_name = 'b'`)

    const back = await world.duro(['swap', '--back'])
    expect(back.error?.message).toContain('the old version is gone of first.b')
    expect(await world.sql('select n from first.b')).toEqual([{ n: 20 }])
  })

  test('leaves the run as one whose versions wait', async () => {
    const world = await makeWorld(sources, { ...files, ...keeping })
    await world.refresh()
    await world.refresh('--force')
    await world.duro(['swap', '--back'])
    expect(await world.sql('select outcome from duro.runs order by began_at')).toEqual([
      { outcome: 'published' },
      { outcome: 'built' },
    ])
  })
})

describe('what is done to a live version', () => {
  test('comes along on the way back, but for what the settings asked of that version only', async () => {
    const world = await makeWorld(sources, { ...files, ...keeping })
    const [reader, leaver, declared] = [
      await world.createRole('nologin'),
      await world.createRole('nologin'),
      await world.createRole('nologin'),
    ]
    await world.refresh()
    await world.sql(`grant select on first.a to ${leaver}; create index going on first.a (n);
      create index staying on first.a (n)`)
    await world.sql('update source set n = 2')
    await world.project.update({
      'views/first/a.yaml': `grant_select: [${declared}]\nindexes: [{ columns: [n], name: asked_for }]`,
    })
    await world.refresh('--force')
    await world.sql(`grant select on first.a to ${reader}; revoke select on first.a from ${leaver};
      comment on materialized view first.a is 'whole'; comment on column first.a.n is 'number';
      drop index first.going; create index coming on first.a (n desc); create statistics first.both on n, (n + 1) from first.a`)
    expect(warnings(await world.duro(['swap', '--back']))).toEqual([])

    expect(await world.sql('select n from first.a')).toEqual([{ n: 1 }])
    expect(
      await world.sql(`select obj_description('first.a'::regclass) as comment, col_description('first.a'::regclass, 1) as column,
        array(select relname::text from pg_index join pg_class on oid = indexrelid where indrelid = 'first.a'::regclass order by 1) as indexes,
        array(select stxname::text from pg_statistic_ext where stxrelid = 'first.a'::regclass) as statistics,
        array(select grantee::regrole::text from pg_class, aclexplode(relacl)
              where oid = 'first.a'::regclass and grantee <> relowner order by 1) as readers`),
    ).toEqual([
      {
        comment: 'whole',
        column: 'number',
        indexes: ['coming', 'staying'],
        statistics: ['both'],
        readers: [reader],
      },
    ])
    for (const role of [reader, leaver, declared]) await world.sql(`drop owned by ${role}`)
  })

  test('leaves what an old version has by itself, though the settings came to ask for the same', async () => {
    const world = await makeWorld(sources, { ...files, ...keeping })
    const reader = await world.createRole('nologin')
    await world.project.update({ 'views/first/a.yaml': `grant_select: [${reader}]\ndescription: declared` })
    await world.sql(`create schema first; create materialized view first.a as select 0 as n;
      grant select on first.a to ${reader}; comment on materialized view first.a is 'by hand'`)
    await world.refresh()
    expect((await world.duro(['swap', '--back'])).error).toBeNull()
    expect(
      await world.sql(`select n, obj_description('first.a'::regclass) as comment,
        has_table_privilege('${reader}', 'first.a', 'select') as may from first.a`),
    ).toEqual([{ n: 0, comment: 'by hand', may: true }])
    await world.sql(`drop owned by ${reader}`)
  })

  test('and does not suit the rows of the old one is told, and holds nothing up', async () => {
    const world = await makeWorld('create table source as select 1 as n from generate_series(1, 2)', {
      ...files,
      ...keeping,
    })
    const leaver = await world.createRole('nologin')
    await world.refresh()
    await world.sql(`grant select on first.a to ${leaver}; delete from source where ctid = '(0,1)'`)
    await world.refresh('--force')
    await world.sql(`create unique index only_one on first.a (n); revoke select on first.a from ${leaver}`)
    const back = await world.duro(['swap', '--back'])
    expect(back.error).toBeNull()
    expect(warnings(back).join()).toContain(
      'the old version of first.a goes back without what was given to the live one since: could not create unique index "only_one"',
    )
    expect(await world.sql('select count(*)::int as rows from first.a')).toEqual([{ rows: 2 }])
    expect(await world.sql(`select has_table_privilege('${leaver}', 'first.a', 'select') as may`)).toEqual([
      { may: false },
    ])
  })

  test('is waited for no longer than any swap while somebody still reads the old one', async () => {
    const world = await makeWorld(sources, {
      ...files,
      'duro.yaml': 'default_interval: 1h\nkeep_previous: true\nswap: { give_up_after: 1s }\n',
    })
    await world.refresh()
    await world.sql('create index going on first.a (n)')
    await usingClient(world.url, async (session) => {
      await session.query('create temp view mine as select n from first.a')
      await world.sql('update source set n = 2')
      await world.refresh('--force')
      await session.query('begin; select from mine')
      await world.sql('drop index first.going')
      const back = await world.duro(['swap', '--back'])
      expect(back.error?.message).toContain('the old version of first.a is in use')
      expect(warnings(back)).toEqual([])
      expect(await world.sql('select n from first.a')).toEqual([{ n: 2 }])
      await session.query('commit')
    })
    expect((await world.duro(['swap', '--back'])).error).toBeNull()
    expect(await world.sql('select n from first.a')).toEqual([{ n: 1 }])
  })
})
