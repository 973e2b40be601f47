import { describe, expect, test } from 'vitest'

import type { Move } from '../../../../../src/engine/move.ts'
import type { Dependent } from '../../../../../src/engine/postgres/catalog/dependents.ts'
import {
  lockStatements,
  moveStatements,
  swapScript,
  type MovedRelation,
  type Swap,
} from '../../../../../src/engine/postgres/swap/swap-statements.ts'

const relation = (id: number): MovedRelation => ({
  id,
  kind: 'materialized view',
  owner: 'joan',
  comment: null,
  statistics: [],
  objects: [],
  sequences: [],
  loosened: [],
})

const move = (name: string, id: number): Move<MovedRelation> => ({
  name: `first.${name}`,
  live: { schema: 'first', name },
  from: { schema: 'first__duro_new', name },
  to: { schema: 'first__duro_old', name },
  coming: relation(id + 100),
  going: relation(id),
})

const dependent = (name: string, id: number, reads: readonly number[]): Dependent => ({
  description: `view ${name}`,
  relation: 2,
  materialized: null,
  columns: [],
  lacks: null,
  keeps: null,
  policyOf: null,
  remedy: {
    lock: `lock ${name}`,
    before: null,
    replay: `replay ${name}`,
    afterwards: null,
    id,
    reads,
  },
})

/** `top` reads `middle`, a view of somebody else; that reads `high`, which reads `low`. */
const swap: Swap = {
  runId: 'run',
  keptAs: 'old',
  moves: [move('low', 1), move('high', 2)],
  dependents: [dependent('top', 12, [11]), dependent('middle', 11, [2])],
  recompile: [],
  guards: ['still the same'],
  bookkeeping: ['write it down'],
  lockBudget: 900,
}

describe('the locks of a swap', () => {
  test('are taken in the order in which readers take them: what is on top before what it reads', () => {
    expect(lockStatements(swap)).toEqual([
      'alter materialized view first__duro_new.low owner to joan',
      'alter materialized view first__duro_new.high owner to joan',
      'lock top',
      'lock middle',
      'alter materialized view first.high owner to joan',
      'alter materialized view first.low owner to joan',
    ])
  })

  test('are waited for within one statement, whose time is bounded, and nothing moves before the guards', () => {
    const script = swapScript(swap)
    const places = [
      'set local statement_timeout = 900;',
      'do ',
      'alter materialized view first.low owner to',
      'if not (still the same) then raise',
      'set local statement_timeout = 0;',
      'set local lock_timeout = 900;',
      'set schema',
      'write it down;',
      'commit',
    ].map((part) => script.indexOf(part))
    expect(places).not.toContain(-1)
    expect(places).toEqual(places.toSorted((one, other) => one - other))
  })
})

test('what lies beneath is made to read the new version before what is built on it', () => {
  const statements = moveStatements(swap)
  expect(statements.slice(-2)).toEqual(['replay middle', 'replay top'])
})
