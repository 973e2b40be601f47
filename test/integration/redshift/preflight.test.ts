import { describe, expect, test } from 'vitest'

import { makeRedshiftWorld } from '../../support/redshift/redshift-world.ts'
import { relationsOf } from '../../support/redshift/relations.ts'

const sources = ['create schema a', 'create table a.source (n int)', 'insert into a.source values (1)']

describe('before anything is built', () => {
  test('every mistake in every select is found', async () => {
    const world = await makeRedshiftWorld(sources, {
      'views/a/one.sql': 'select m from a.source',
      'views/a/two.sql': 'select n from a.one',
      'views/a/three.sql': '\nselect nothing(n) as n from a.source',
      'views/a/four.sql': 'select n from a.source',
    })
    const { code, events } = await world.duro(['refresh'])
    expect(code).toBe(1)
    const failed = events.flatMap((event) =>
      event.type === 'view-failed' ? [[event.view, event.error]] : [],
    )
    expect(failed).toEqual([
      ['a.one', expect.objectContaining({ location: expect.objectContaining({ line: 1, column: 8 }) })],
      ['a.three', expect.objectContaining({ location: expect.objectContaining({ line: 2, column: 8 }) })],
    ])
    expect(await relationsOf(world)).toEqual(['a.source'])
  })

  test('the columns of the keys have to be there', async () => {
    const world = await makeRedshiftWorld(sources, {
      'views/a/one.sql': 'select * from a.source',
      'views/a/one.yaml': 'distkey: m\nsortkey: [N, o]',
    })
    const { events } = await world.duro(['refresh'])
    const [failed] = events.filter((event) => event.type === 'view-failed')
    expect(failed?.error).toMatchObject({
      message: 'a.one could not be built: its distkey names m, its sortkey names o, which is no column of it',
      hint: 'Its columns are n.',
    })
  })

  test('the columns that are described, too', async () => {
    const world = await makeRedshiftWorld(sources, {
      'views/a/one.sql': 'select n from a.source',
      'views/a/one.yaml': 'columns:\n  N: number\n  m: nothing',
    })
    const { events } = await world.duro(['refresh'])
    const [failed] = events.filter((event) => event.type === 'view-failed')
    expect(failed?.error).toMatchObject({
      message: 'a.one could not be built: its columns describe m, which is no column of it',
      detail: 'in views/a/one.yaml:3:3',
    })
  })

  test('a reader that there is not is told with its place, when it is built', async () => {
    const world = await makeRedshiftWorld(sources, {
      'views/a/one.sql': 'select n from a.source',
      'views/a/one.yaml': 'grant_select:\n  - group nobody_at_all',
    })
    const { events } = await world.duro(['refresh'])
    const [failed] = events.filter((event) => event.type === 'view-failed')
    expect(failed?.error).toMatchObject({
      message: expect.stringContaining('nobody_at_all'),
      detail: 'in views/a/one.yaml:2:5',
    })
  })

  test('a view that is loaded needs a bucket', async () => {
    const world = await makeRedshiftWorld(sources, {
      'views/a/loaded.sql': 'create table a.loaded (n int)',
      'views/a/loaded_select.sql': 'select n from a.source',
      'views/a/loaded.yaml': 'processor: [cat]',
    })
    const { error } = await world.duro(['refresh'])
    expect(error).toMatchObject({
      problems: [
        { file: 'views/a/loaded.sql', message: expect.stringContaining('duro.yaml names no bucket') },
      ],
    })
  })
})

test('columns that change are told', async () => {
  const world = await makeRedshiftWorld(sources, { 'views/a/one.sql': 'select n from a.source' })
  await world.refresh()
  await world.project.update({ 'views/a/one.sql': "select 'x'::varchar(3) as x from a.source" })
  const { events } = await world.refresh()
  expect(events).toContainEqual(
    expect.objectContaining({
      type: 'warning',
      message: expect.stringContaining('column n goes, column x (character varying(3)) comes'),
    }),
  )
})

test('a plan says that the views of a run are not of one moment', async () => {
  const world = await makeRedshiftWorld(sources, {
    'views/a/one.sql': 'select n from a.source',
    'views/a/two.sql': 'select n from a.source',
  })
  const { stdout } = await world.duro(['plan'])
  expect(stdout).toContain('each view reads its sources when it is built')
})

test('a view that takes too long is cancelled on the server', async () => {
  const world = await makeRedshiftWorld(sources, {
    'views/a/slow.sql': 'select n from a.source where pg_sleep(60) is not null',
    'views/a/slow.yaml': 'timeout: 1s',
  })
  const began = performance.now()
  const { events } = await world.duro(['refresh'])
  expect(performance.now() - began).toBeLessThan(30_000)
  const failed = events.find((event) => event.type === 'view-failed')
  expect(failed?.error.message).toContain('a.slow was not built within 1s')
  expect(await relationsOf(world)).toEqual(['a.source'])
})
