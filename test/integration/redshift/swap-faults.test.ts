import { describe, expect, test } from 'vitest'

import type { Fault } from '../../support/redshift/start-stand-in.ts'
import {
  clusterUrl,
  makeRedshiftWorld,
  redshiftYaml,
  type RedshiftWorld,
} from '../../support/redshift/redshift-world.ts'
import { leftBy } from '../../support/redshift/relations.ts'

const conflict: Fault = {
  kind: 'error',
  sqlstate: 'XX000',
  message:
    '1023 DETAIL: Serializable isolation violation on table - 1, transactions forming the cycle are: 1, 2',
}

const files = {
  'duro.yaml': `${redshiftYaml}swap: { give_up_after: 1m }\n`,
  'views/a/numbers.sql': 'select n from a.source',
  'views/a/doubled.sql': 'select n * 2 as n from a.numbers',
  'views/a/plain.sql': 'select n from a.doubled',
  'views/a/plain.yaml': 'materialized: none',
}
const sources = ['create schema a', 'create table a.source (n int)', 'insert into a.source values (1), (2)']

async function makePublished(): Promise<RedshiftWorld> {
  const world = await makeRedshiftWorld(sources, files)
  await world.refresh()
  await world.sql('create view a.outside as select n from a.numbers')
  return world
}

/** What readers of each view find: how many numbers. */
async function counts(world: RedshiftWorld): Promise<number[]> {
  const names = ['numbers', 'doubled', 'plain', 'outside']
  const rows = await Promise.all(
    names.map((name) => world.sql<{ n: string }>(`select count(*) as n from a.${name}`)),
  )
  return rows.map(([row]) => Number(row?.n))
}

/** The statements from the lock to the commit of the swap, as a run without faults sends them. */
async function statementsOfSwap(world: RedshiftWorld): Promise<string[]> {
  const statements: string[] = []
  let isSwapping = false
  world.onStatement((statement) => {
    if (statement.startsWith('lock duro.run_lock, ')) isSwapping = true
    if (isSwapping) statements.push(statement)
    if (statement === 'commit') isSwapping = false
    return null
  })
  await world.sql('insert into a.source values (0)')
  await world.refresh('--force')
  world.onStatement(null)
  return statements
}

/** Strikes the nth statement of the first swap only. @returns how often it struck */
function strike(world: RedshiftWorld, nth: number, fault: Fault): () => number {
  let [swaps, position, struck] = [0, -1, 0]
  let isSwapping = false
  world.onStatement((statement) => {
    if (statement.startsWith('lock duro.run_lock, ')) {
      swaps += 1
      isSwapping = true
      position = -1
    }
    if (!isSwapping || swaps > 1) return null
    position += 1
    if (statement === 'commit' || statement === 'rollback') isSwapping = false
    if (position !== nth) return null
    struck += 1
    return fault
  })
  return () => struck
}

describe.skipIf(clusterUrl !== null)(
  'whatever happens to a statement of the swap, it is whole or not at all',
  () => {
    test.each<[string, Fault]>([
      ['a conflict with another transaction', conflict],
      ['a connection that is cut before it', { kind: 'cut' }],
      ['a connection that is cut after it', { kind: 'cut-after' }],
    ])('%s', async (_, fault) => {
      const world = await makePublished()
      const statements = await statementsOfSwap(world)
      expect(statements.at(-1)).toBe('commit')
      let rows = 3
      // What is cut after a statement before the commit is taken back, as what is cut before it.
      const first = fault.kind === 'cut-after' ? statements.length - 1 : 0
      for (const nth of [...statements.keys()].slice(first)) {
        await world.sql('insert into a.source values (9)')
        rows += 1
        const struck = strike(world, nth, fault)
        const { error, events } = await world.duro(['refresh', '--force'])
        world.onStatement(null)
        expect({ nth, statement: statements[nth], struck: struck(), error }).toEqual({
          nth,
          statement: statements[nth],
          struck: 1,
          error: null,
        })
        expect(events.filter((event) => event.type === 'run-finished')).toMatchObject([
          { outcome: 'published' },
        ])
        expect(await counts(world)).toEqual([rows, rows, rows, rows])
        expect(await leftBy(world)).toEqual([])
      }
    })

    test.each<[string, Fault]>([
      ['a conflict', { ...conflict, kind: 'error-after' }],
      ['an error that is not tried again', { kind: 'error-after', sqlstate: 'XX000', message: 'Assert' }],
    ])('%s that is answered to a commit that was done is looked into', async (_, fault) => {
      const world = await makePublished()
      const statements = await statementsOfSwap(world)
      await world.sql('insert into a.source values (9)')
      const struck = strike(world, statements.length - 1, fault)
      const { error, events } = await world.duro(['refresh', '--force'])
      world.onStatement(null)
      expect([struck(), error]).toEqual([1, null])
      expect(events.filter((event) => event.type === 'swap-attempt')).toMatchObject([
        { attempt: 1, outcome: 'done' },
      ])
      expect(await counts(world)).toEqual([4, 4, 4, 4])
      expect(await leftBy(world)).toEqual([])
    })

    test('an error that is answered to a commit that was not done ends the run', async () => {
      const world = await makePublished()
      const statements = await statementsOfSwap(world)
      await world.sql('insert into a.source values (9)')
      strike(world, statements.length - 1, { kind: 'error', sqlstate: 'XX000', message: 'Assert' })
      const { code, error } = await world.duro(['refresh', '--force'])
      world.onStatement(null)
      expect([code, error?.message]).toEqual([1, 'the new versions could not be published: Assert'])
      expect(await counts(world)).toEqual([3, 3, 3, 3])
    })

    test('a conflict that does not end is given up, and the new versions wait', async () => {
      const world = await makePublished()
      await world.project.update({ 'duro.yaml': `${redshiftYaml}swap: { give_up_after: 0s }\n` })
      await world.sql('insert into a.source values (9)')
      world.onStatement((statement) => (statement.startsWith('alter table a.') ? conflict : null))
      const { code, error } = await world.duro(['refresh', '--force'])
      world.onStatement(null)
      expect([code, error?.message]).toEqual([1, expect.stringContaining('the swap was given up')])
      expect(await counts(world)).toEqual([2, 2, 2, 2])
      expect((await world.duro(['swap'])).code).toBe(0)
      expect(await counts(world)).toEqual([3, 3, 3, 3])
      expect(await leftBy(world)).toEqual([])
    })

    test('an error that is none of these ends the run, and publishes nothing', async () => {
      const world = await makePublished()
      await world.sql('insert into a.source values (9)')
      world.onStatement((statement) =>
        statement.startsWith('alter table a.doubled rename')
          ? { kind: 'error', sqlstate: 'XX000', message: 'Assert' }
          : null,
      )
      const { code } = await world.duro(['refresh', '--force'])
      world.onStatement(null)
      expect(code).toBe(1)
      expect(await counts(world)).toEqual([2, 2, 2, 2])
      await world.refresh('--force')
      expect(await counts(world)).toEqual([3, 3, 3, 3])
      expect(await leftBy(world)).toEqual([])
    })
  },
)
