import { describe, expect, it } from 'vitest'
import type { Reason } from '../../../src/plan/plan.ts'
import { describeReason } from '../../../src/plan/reason-text.ts'
import { DAY, HOUR, MINUTE } from '../graph/make-project.ts'

const stale = (age: number, interval: number): Reason => ({ kind: 'stale', age, interval })
const follows = (...upstream: string[]): Reason => ({ kind: 'follows', upstream })
const settings = (before: string, after: string): Reason => ({
  kind: 'changed',
  what: 'settings',
  before,
  after,
})

const cases: [Reason, string][] = [
  [{ kind: 'missing' }, 'not in the database yet'],
  [{ kind: 'never-built' }, 'what stands there was not built by duro'],
  [{ kind: 'forced' }, 'forced'],
  [{ kind: 'named' }, 'named on the command line'],
  [{ kind: 'failed' }, 'its last build failed'],
  [{ kind: 'changed', what: 'sql', before: 'a', after: 'b' }, 'its SQL changed'],
  [settings('materialized: view', 'materialized: table'), 'its settings changed (materialized)'],
  [
    settings('indexes: (a)\nmaterialized: view', 'grant_select: []\nmaterialized: view'),
    'its settings changed (grant_select, indexes)',
  ],
  [stale(26 * HOUR + 50 * MINUTE, DAY), '26 h old, may be 24 h'],
  [stale(HOUR + 59_000, HOUR), '60 min old, may be 60 min'],
  [stale(58 * MINUTE + 59_000, HOUR), '58 min old, due at 60 min'],
  [stale(40 * DAY, 7 * DAY), '40 d old, may be 7 d'],
  [stale(2.5 * HOUR, 90 * MINUTE), '2.5 h old, may be 90 min'],
  [stale(31_000, 30_000), '31 s old, may be 30 s'],
  [stale(-2 * DAY, DAY), 'built 2 d in the future, as the clock says'],
  [follows('first.cities'), 'reads first.cities, which is rebuilt'],
  [{ kind: 'bound', to: ['a.a'] }, 'what is live reads a.a, which is rebuilt'],
  [follows('a.a', 'a.b'), 'reads a.a and a.b, which are rebuilt'],
  [follows('a.a', 'a.b', 'a.c'), 'reads a.a, a.b and a.c, which are rebuilt'],
  [follows('a.a', 'a.b', 'a.c', 'a.d', 'a.e'), 'reads a.a, a.b and 3 more, which are rebuilt'],
]

describe('describeReason', () => {
  it.each(cases)('%j: %s', (reason, text) => {
    expect(describeReason(reason)).toBe(text)
  })
})
