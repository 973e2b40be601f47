import { expect, test } from 'vitest'
import type { Move } from '../../../../../src/engine/move.ts'
import {
  swapStatements,
  type MovedRelation,
} from '../../../../../src/engine/redshift/swap/swap-statements.ts'

const move = (
  name: string,
  coming: MovedRelation | null,
  going: MovedRelation | null,
): Move<MovedRelation> => ({
  name: `a.${name}`,
  live: { schema: 'a', name },
  from: { schema: 'a', name: `${name}__duro_new` },
  to: { schema: 'a', name: `${name}__duro_old` },
  coming,
  going,
})

test('all that is live goes before anything comes, and what others built is bound again', () => {
  const statements = swapStatements({
    claim: { table: { schema: 'duro', name: 'run_lock' }, owner: `it's`, fence: 7 },
    moves: [
      move('one', { id: 1, kind: 'table' }, { id: 2, kind: 'table' }),
      move('plain', { id: 3, kind: 'view' }, { id: 4, kind: 'view' }),
      move('first', { id: 5, kind: 'table' }, null),
      move('last', null, { id: 6, kind: 'table' }),
    ],
    dependents: [
      {
        id: 9,
        relation: 2,
        schema: 'b',
        name: 'Outside',
        owner: 'joan',
        isNative: false,
        definition: 'select n from a.one',
      },
    ],
    bookkeeping: ['insert into duro.relations …'],
  })
  expect(statements).toEqual([
    `set timezone to 'UTC'`,
    'set statement_timeout to 5000',
    'begin',
    'lock duro.run_lock, a.one, a.one__duro_new, a.first__duro_new, a.last',
    'set statement_timeout to 60000',
    expect.stringMatching(/^update duro\.run_lock set expires_at = .* where owner = 'it''s' and fence = 7$/),
    'alter table a.one rename to one__duro_old',
    'alter table a.plain rename to plain__duro_old',
    'alter table a.last rename to last__duro_old',
    'alter table a.one__duro_new rename to one',
    'alter table a.plain__duro_new rename to plain',
    'alter table a.first__duro_new rename to first',
    'create or replace view b."Outside" as\nselect n from a.one',
    'insert into duro.relations …',
    'commit',
  ])
})
