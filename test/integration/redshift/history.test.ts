import { describe, expect, test } from 'vitest'

import { testClock } from '../../support/clock.ts'
import type { Ran } from '../../support/duro.ts'
import type { Files } from '../../support/project.ts'
import { makeRedshiftWorld } from '../../support/redshift/redshift-world.ts'
import { leftBy } from '../../support/redshift/relations.ts'

const sources = [
  'create schema a',
  'create table a.source (n int)',
  'insert into a.source values (1), (2), (3)',
]
const daily = 'interval: 24h\nsnapshots_interval: 24h\n'

async function makeHistory(files: Files = {}) {
  const world = await makeRedshiftWorld(sources, {
    'views/a/base.sql': "select n, 'x'::varchar(3) as x from a.source",
    'views/a/base.yaml': daily,
    ...files,
  })
  const clock = testClock('2026-11-01T03:00:00Z')
  return {
    ...world,
    clock,
    run: (...args: string[]): Promise<Ran> => world.duro(['refresh', ...args], { clock: clock.now }),
    copies: () =>
      world.sql(
        'select snapshot_timestamp as at, count(*) as rows, count(x) as x from a.base_history group by 1 order by 1',
      ),
  }
}

describe('dated copies', () => {
  test('one each day, and a column more in the middle', async () => {
    const world = await makeHistory()
    expect((await world.run()).error).toBeNull()
    world.clock.advance(24)
    await world.project.update({
      'views/a/base.sql': "select n, n + 1 as next, 'longer'::varchar(10) as x from a.source",
    })
    expect((await world.run()).error).toBeNull()
    expect(await world.copies()).toEqual([
      { at: new Date('2026-11-01T03:00:00Z'), rows: '3', x: '3' },
      { at: new Date('2026-11-02T03:00:00Z'), rows: '3', x: '3' },
    ])
    expect(await world.sql('select count(next) as n from a.base_history')).toEqual([{ n: '3' }])
    expect(await leftBy(world)).toEqual([])
    const { stdout } = await world.duro(['history', 'a.base'])
    expect(stdout).toContain('2026-11-02')
  })

  test('those that are old enough go', async () => {
    const world = await makeHistory({ 'views/a/base.yaml': `${daily}snapshots_stored_for: 2d\n` })
    for (let day = 0; day < 4; day++) {
      expect((await world.run()).error).toBeNull()
      world.clock.advance(24)
    }
    expect(await world.copies()).toHaveLength(3)
  })

  test('a column that becomes another type is refused, and the view is published all the same', async () => {
    const world = await makeHistory()
    await world.run()
    world.clock.advance(24)
    await world.project.update({
      'views/a/base.sql': "select n::varchar(5) as n, 'x'::varchar(3) as x from a.source",
    })
    const { code, error } = await world.run()
    expect([code, error?.message]).toEqual([
      1,
      'no copy of a.base was written into a.base_history: column n is character varying(5) now, and integer in a.base_history',
    ])
    expect(await world.sql("select n from a.base where n = '1'")).toHaveLength(1)
  })
})
