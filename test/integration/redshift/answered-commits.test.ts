import { describe, expect, test } from 'vitest'

import {
  clusterUrl,
  makeRedshiftWorld,
  redshiftYaml,
  type RedshiftWorld,
} from '../../support/redshift/redshift-world.ts'
import { leftBy } from '../../support/redshift/relations.ts'
import type { Fault } from '../../support/redshift/start-stand-in.ts'

const sources = ['create schema a', 'create table a.source (n int)', 'insert into a.source values (1), (2)']
const files = {
  'duro.yaml': redshiftYaml,
  'views/a/numbers.sql': 'select n from a.source',
}

/** The server commits, and answers a conflict. */
const conflict: Fault = {
  kind: 'error-after',
  sqlstate: 'XX000',
  message: '1023 DETAIL: Serializable isolation',
}

/** Strikes the first commit that follows on a statement. @returns how often it struck */
function strikeCommitAfter(world: RedshiftWorld, isMeant: (statement: string) => boolean): () => number {
  let [isNear, struck] = [false, 0]
  world.onStatement((statement) => {
    isNear ||= isMeant(statement)
    if (!isNear || statement !== 'commit' || struck > 0) return null
    struck += 1
    return conflict
  })
  return () => struck
}

describe.skipIf(clusterUrl !== null)('a commit that was done, and answered with a conflict', () => {
  test.each<[string, (statement: string) => boolean]>([
    ['of the run lock', (statement) => statement === 'lock duro.run_lock'],
    ['of a build', (statement) => statement.startsWith('create table a.numbers__duro_new')],
  ])('%s, is seen for what it is', async (_, isMeant) => {
    const world = await makeRedshiftWorld(sources, files)
    await world.refresh()
    await world.sql('insert into a.source values (3)')
    // The trial makes the relation too, and rolls it back.
    const struck = strikeCommitAfter(world, isMeant)
    const { code, error } = await world.duro(['refresh', '--force'])
    world.onStatement(null)
    expect([struck(), code, error]).toEqual([1, 0, null])
    expect(await world.sql('select count(*) as n from a.numbers')).toEqual([{ n: '3' }])
    expect(await leftBy(world)).toEqual([])
    expect(await world.sql('select * from duro.relations')).toEqual([])
  })
})
