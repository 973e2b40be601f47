import { describe, expect, test } from 'vitest'

import type { Fault } from '../../support/redshift/start-stand-in.ts'
import { clusterUrl, makeRedshiftWorld, type RedshiftWorld } from '../../support/redshift/redshift-world.ts'
import { idOf, leftBy } from '../../support/redshift/relations.ts'

const sources = ['create schema a', 'create table a.source (n int)', 'insert into a.source values (1), (2)']
const files = { 'views/a/numbers.sql': 'select n from a.source' }

/** What a refresh sends. */
async function listStatements(world: RedshiftWorld): Promise<string[]> {
  const statements: string[] = []
  world.onStatement((statement) => {
    statements.push(statement)
    return null
  })
  await world.refresh('--force')
  world.onStatement(null)
  return statements
}

/** The numbers of those to cut. To cut after one that only reads is to cut before the next. */
const cutsOf = (statements: readonly string[], { kind }: Fault): number[] =>
  [...statements.keys()].filter((nth) => kind === 'cut' || !/^select\b/.test(statements[nth] ?? ''))

/** Cuts one statement of a refresh, by its number. */
async function refreshCutAt(world: RedshiftWorld, nth: number, fault: Fault): Promise<boolean> {
  let [position, struck] = [-1, false]
  world.onStatement(() => {
    position += 1
    if (position !== nth) return null
    struck = true
    return fault
  })
  await world.duro(['refresh', '--force'])
  world.onStatement(null)
  return struck
}

/** So many tests share the statements of a run, to stay within the time of a test. */
const shares = 3

describe.skipIf(clusterUrl !== null).each<Fault>([{ kind: 'cut' }, { kind: 'cut-after' }])(
  'wherever a refresh is cut ($kind)',
  (fault) => {
    test.each(Array.from({ length: shares }, (_, share) => share))(
      'the live version is whole, and the next refresh succeeds and leaves nothing (part %i)',
      async (share) => {
        const world = await makeRedshiftWorld(sources, files)
        await world.refresh()
        const statements = await listStatements(world)
        expect(statements.length).toBeGreaterThan(30)
        const cuts = cutsOf(statements, fault)
        expect(cuts.length).toBeGreaterThan(20)
        let rows = 2
        for (const nth of cuts.filter((_, index) => index % shares === share)) {
          await world.sql('insert into a.source values (9)')
          rows += 1
          expect(await refreshCutAt(world, nth, fault)).toBe(true)
          const [now] = await world.sql<{ n: string }>('select count(*) as n from a.numbers')
          expect([rows - 1, rows]).toContain(Number(now?.n))
          const { error } = await world.duro(['refresh', '--force'])
          expect({ nth, error }).toEqual({ nth, error: null })
          expect(await world.sql('select count(*) as n from a.numbers')).toEqual([{ n: String(rows) }])
          expect(await leftBy(world)).toEqual([])
        }
        expect(await world.sql('select * from duro.relations')).toEqual([])
      },
    )
  },
)

test.skipIf(clusterUrl !== null)('what a run that was killed has left, cleanup removes', async () => {
  const world = await makeRedshiftWorld(sources, files)
  await world.refresh()
  const before = await idOf(world, 'a', 'numbers')
  let isGone = false
  world.onStatement((statement) => {
    // From the first statement of the swap on the server is gone.
    isGone ||= statement.startsWith('lock duro.run_lock, ')
    return isGone ? { kind: 'cut' } : null
  })
  expect((await world.duro(['refresh', '--force'])).code).not.toBe(0)
  world.onStatement(null)
  expect(await leftBy(world)).toEqual(['a.numbers__duro_new'])
  await world.sql('update duro.run_lock set expires_at = getdate()')
  expect((await world.duro(['cleanup'])).code).toBe(0)
  expect(await leftBy(world)).toEqual([])
  expect(await idOf(world, 'a', 'numbers')).toBe(before)
})
