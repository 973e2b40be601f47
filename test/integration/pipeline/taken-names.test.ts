import { describe, expect, test } from 'vitest'

import { relationIds } from '../../support/catalog.ts'
import { hashed, readIndexes } from '../../support/index-names.ts'
import { makeWorld } from '../../support/world.ts'

const select = "select 1 as id, 2 as customer, 'x'::text as name"

describe('the name of an index that the schema has already', () => {
  const named = { 'views/first/a.yaml': 'indexes:\n  - { columns: [name], name: by_name }' }

  test.each([
    ['a sequence', 'create sequence first.by_name', 'sequence first.by_name'],
    ['a view', 'create view first.by_name as select 1 as n', 'view first.by_name'],
    [
      'an index',
      'create table first.t as select 1 as n; create index by_name on first.t (n)',
      'index first.by_name on first.t',
    ],
  ])('for %s is refused before anything is built', async (_, sql, description) => {
    const world = await makeWorld(`create schema first; ${sql}`, { 'views/first/a.sql': select, ...named })
    const problem = {
      file: 'views/first/a.yaml',
      line: 2,
      message: `an index of first.a is to be called by_name, and so is the ${description}`,
      hint: 'Set another name for the index, or rename what stands there.',
    }
    expect((await world.duro(['plan'])).error).toMatchObject({ problems: [problem] })
    const refused = await world.duro(['refresh'])
    expect(refused.error).toMatchObject({ code: 'preflight', problems: [problem] })
    expect(refused.events.some((event) => event.type === 'view-started')).toBe(false)
    expect(Object.keys(await relationIds(world.url))).not.toContain('first.a')
  })

  test('on a view whose file was renamed is refused with the way out, which works', async () => {
    const world = await makeWorld('', { 'views/first/a.sql': select, ...named })
    await world.refresh()
    await world.project.update({
      'views/first/a.sql': null,
      'views/first/a.yaml': null,
      'views/first/b.sql': select,
      'views/first/b.yaml': named['views/first/a.yaml'],
    })
    expect((await world.duro(['refresh'])).error).toMatchObject({
      code: 'preflight',
      problems: [
        {
          file: 'views/first/b.yaml',
          line: 2,
          message:
            'an index of first.b is to be called by_name, and so is the index first.by_name on first.a',
          hint: expect.stringContaining(
            'first.a is a view of duro whose file is gone. Drop it with duro cleanup --removed',
          ),
        },
      ],
    })
    expect((await world.duro(['cleanup', '--removed'])).error).toBeNull()
    await world.refresh()
    expect(await readIndexes(world)).toEqual({ by_name: 'b USING btree (name)' })
  })

  test('moves with its index to another view of the run', async () => {
    const world = await makeWorld('', { 'views/first/a.sql': select, 'views/first/b.sql': select, ...named })
    await world.refresh()
    await world.project.update({
      'views/first/a.yaml': null,
      'views/first/b.yaml': named['views/first/a.yaml'],
    })
    await world.refresh()
    expect(await readIndexes(world)).toEqual({ by_name: 'b USING btree (name)' })
  })

  test('an index that is named as another one was gives way where both are refreshed', async () => {
    const world = await makeWorld('', {
      'views/first/a.sql': select,
      'views/first/a.yaml': 'indexes: [id]',
      'views/first/b.sql': select,
    })
    await world.refresh()
    await world.project.update({ 'views/first/b.yaml': 'indexes: [{ columns: [name], name: a_id_idx }]' })
    const refused = await world.duro(['refresh'])
    expect(refused.error).toMatchObject({
      code: 'preflight',
      problems: [
        {
          file: 'views/first/b.yaml',
          line: 1,
          message:
            'an index of first.b is to be called a_id_idx, and so is the index first.a_id_idx on first.a',
          hint: expect.stringContaining('Refresh first.a in the same run'),
        },
      ],
    })
    await world.refresh('first.a', 'first.b')
    expect(Object.entries(await readIndexes(world))).toEqual([
      ['a_id_idx', 'b USING btree (name)'],
      [expect.stringMatching(hashed('a_id_idx')), 'a USING btree (id)'],
    ])
  })
})
