import { describe, expect, test } from 'vitest'

import { ProblemsError } from '../../../src/errors.ts'
import { duro, warnings, type Ran } from '../../support/duro.ts'
import { makeWorld, type World } from '../../support/world.ts'

interface Reading {
  world: World
  role: string
  run: (...args: string[]) => Promise<Ran>
}

/** A project that another role refreshes, and a role that may read duro's own tables and nothing else. */
async function readerOf(outside = 'select'): Promise<Reading> {
  const world = await makeWorld('create table source as select 1 as n', {
    'duro.yaml': 'default_interval: 1h\nkeep_previous: true\n',
    'views/first/a.sql': 'select n from source',
    'views/first/b.sql': 'select n from first.a',
    'views/first/b.yaml': 'materialized: table\nsnapshots_interval: 1d\ntotals: { n: sum(n) }',
  })
  await world.refresh()
  await world.refresh('--force')
  await world.sql(outside)
  const role = await world.createRole("login password 'reader'")
  await world.sql(
    `grant usage on schema duro to ${role}; grant select on all tables in schema duro to ${role}`,
  )
  const run = (...args: string[]): Promise<Ran> => duro(world.project, world.urlFor(role, 'reader'), args)
  return { world, role, run }
}

describe('a role that may only read what duro keeps of itself', () => {
  test('is told what a refresh would do, and as a warning that it may not do it', async () => {
    const { world, role, run } = await readerOf('create view outside as select n from first.a')
    expect((await run('plan', '--check')).code).toBe(0)
    await world.project.update({ 'views/first/b.sql': 'select n + 1 as n from first.a' })
    const ran = await run('plan', '--check', '--force')
    expect(ran).toMatchObject({ error: null, code: 10 })
    expect(ran.stdout).toContain('2 views to build')
    expect(warnings(ran)).toEqual([
      'the role that duro connects as may not do all that this refresh needs',
      expect.stringMatching(
        /^first\.a belongs to \w+, .* is not a member of it\. Let an administrator run: /,
      ),
      expect.stringMatching(/^view public\.outside depends on first\.a, .*\. Let an administrator run: /),
      expect.stringMatching(/^first\.b belongs to /),
      `duro may not move views out of the schema first and into it. Let an administrator run: grant usage, create on schema first to ${role}`,
      expect.stringContaining('out of the schema first__duro_old'),
    ])
  })

  test('is not told of each view that it may not refresh, of many', async () => {
    const { world, run } = await readerOf()
    const many = Array.from({ length: 20 }, (_, n) => [`views/first/more_${n}.sql`, 'select 1 as n'] as const)
    await world.project.update(Object.fromEntries(many))
    await world.refresh()
    const told = warnings(await run('plan', '--force'))
    expect(told).toHaveLength(12)
    expect(told.at(-1)).toMatch(/^and \d+ more, which a refresh would name$/)
  })

  test('is refused a refresh, before anything is built', async () => {
    const { world, role, run } = await readerOf()
    expect((await world.duro(['cleanup'])).error).toBeNull()
    await world.sql(`grant insert, update, delete on all tables in schema duro to ${role}`)
    const ran = await run('refresh', '--force')
    expect(ran.code).toBe(1)
    expect(ran.error).toBeInstanceOf(ProblemsError)
    expect(ran.events).not.toContainEqual({ type: 'stage-started', stage: 'build' })
  })

  test('fails where no other role could refresh either', async () => {
    const { run } = await readerOf('create materialized view outside as select n from first.a')
    const ran = await run('plan', '--force')
    expect(ran.code).toBe(1)
    expect(ran.error).toMatchObject({
      problems: [
        {
          message: expect.stringMatching(/^materialized view public\.outside depends on first\.a/) as unknown,
        },
      ],
    })
  })
})
