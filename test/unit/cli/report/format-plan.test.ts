import { expect, test } from 'vitest'
import { noColors } from '../../../../src/cli/colors.ts'
import { formatPlan } from '../../../../src/cli/report/format-plan.ts'
import { planJson } from '../../../../src/cli/report/plan-json.ts'
import type { Trial } from '../../../../src/engine/engine.ts'
import { DuroError } from '../../../../src/errors.ts'
import type { Plan } from '../../../../src/plan/plan.ts'
import { makeProject } from '../../graph/make-project.ts'

const now = new Date(2026, 10, 20, 10, 0, 3)
const day = 86_400_000

const plan: Plan = {
  views: [
    {
      name: 'first.cities',
      reasons: [{ kind: 'stale', age: 2 * day + 7_200_000, interval: 2 * day }, { kind: 'forced' }],
      after: [],
      hangsOn: null,
      asksAnew: false,
      expected: 1234,
      critical: true,
    },
    {
      name: 'first.shops',
      reasons: [{ kind: 'missing' }],
      after: [],
      hangsOn: null,
      asksAnew: false,
      expected: null,
      critical: false,
    },
    {
      name: 'second.数据',
      reasons: [{ kind: 'follows', upstream: ['first.cities'] }],
      after: ['first.cities'],
      hangsOn: null,
      asksAnew: false,
      expected: 84,
      critical: true,
    },
  ],
  fresh: [
    { name: 'first.people', freshUntil: new Date(2026, 10, 20, 10, 42) },
    { name: 'first.long_name', freshUntil: new Date(2026, 10, 21, 9, 0) },
    { name: 'first.plain', freshUntil: null },
  ],
  removed: ['first.old'],
  expected: 125_000,
}

const nothing: Plan = { views: [], fresh: [], removed: [], expected: 0 }

test('what is built and why, what is fresh, what is gone', () => {
  expect(formatPlan(plan, { now, concurrency: 4, copies: [] }, noColors).split('\n')).toEqual([
    '3 views to build, about 2 min 5 s, ends about 10:02',
    '  1  * first.cities  1.2 s  2 d old, may be 2 d; forced',
    '  2    first.shops       -  not in the database yet',
    '  3  * second.数据   84 ms  reads first.cities, which is rebuilt',
    '  * on the longest path',
    '',
    '3 views fresh',
    '  first.people     fresh until 10:42',
    '  first.long_name  fresh until 2026-11-21 09:00',
    '  first.plain',
    '',
    '1 view no longer in the folder',
    '  first.old',
    '  `duro cleanup --removed` drops it',
  ])
})

test('a single view is not marked', () => {
  const [view] = plan.views
  const single = { ...nothing, views: view === undefined ? [] : [view], expected: null }
  expect(formatPlan(single, { now, concurrency: 4, copies: [] }, noColors).split('\n')).toEqual([
    '1 view to build',
    '  1  first.cities  1.2 s  2 d old, may be 2 d; forced',
  ])
})

test('nothing to do', () => {
  expect(formatPlan(nothing, { now, concurrency: 4, copies: [] }, noColors)).toBe('Nothing to do.')
  expect(
    formatPlan(
      { ...nothing, fresh: plan.fresh.slice(0, 1) },
      { now, concurrency: 4, copies: [] },
      noColors,
    ).split('\n'),
  ).toEqual(['Nothing to do: 1 view is fresh.', '  first.people  fresh until 10:42'])
})

const copies = [
  { view: 'first.people', table: 'first.people_history', leftBy: '20261119-030000-0a1b' },
  { view: 'first.cities', table: 'first.cities_history', leftBy: null },
]

test('dated copies are work too', () => {
  const context = { now, concurrency: 4, copies }
  const lines = [
    '2 dated copies to write',
    '  first.people  into first.people_history, of the version that run 20261119-030000-0a1b has left uncopied',
    '  first.cities  into first.cities_history',
  ]
  expect(formatPlan(nothing, context, noColors).split('\n')).toEqual(lines)
  const fresh = { ...nothing, fresh: plan.fresh.slice(0, 1) }
  expect(formatPlan(fresh, context, noColors).split('\n')).toEqual([
    ...lines,
    '',
    '1 view fresh',
    '  first.people  fresh until 10:42',
  ])
  expect(planJson(nothing, { ...context, trials: [], hidden: [] }).work).toBe(true)
})

test('what the longest path decides', () => {
  const timed = { ...plan, views: plan.views.map((view) => ({ ...view, expected: 100 })) }
  const legend = (expected: number | null, concurrency: number) =>
    formatPlan({ ...timed, expected }, { now, concurrency, copies: [] }, noColors)
      .split('\n')
      .find((line) => line.startsWith('  * on'))
  expect(legend(200, 4)).toBe('  * on the longest path, which sets how long the run takes')
  expect(legend(210, 2)).toBe(
    '  * on the longest path, which sets how long the run takes; 2 at once, starts longest path first',
  )
  expect(legend(null, 4)).toBe('  * on the longest path')
  expect(legend(300, 1)).toBe('  * on the longest path; 1 at once, starts longest path first')
})

const refused = new DuroError('build', 'first.shops could not be built', { hint: 'look' })
const trialOf = (name: string, given: Partial<Trial>): Trial => {
  const view = makeProject({ [name]: {} }).views.get(name)
  if (view === undefined) throw new Error(name)
  return { view, errors: [], changes: [], broken: [], ...given }
}

// This shape is what others' programs read: a change that is not an addition needs a new version.
test('as JSON, version 1', () => {
  const hidden = [{ view: 'first.shops', source: 'plain', reads: 'first.cities' }]
  const trials = [
    trialOf('first.shops', { errors: [refused] }),
    trialOf('first.cities', { changes: ['n is new'], broken: ['view public.v needs n'] }),
  ]
  expect(planJson(plan, { now, concurrency: 4, copies, trials, hidden })).toEqual({
    version: 1,
    type: 'plan',
    work: true,
    concurrency: 4,
    expected: 125_000,
    ends: new Date(2026, 10, 20, 10, 2, 8).toISOString(),
    views: [
      {
        name: 'first.cities',
        reasons: [
          {
            kind: 'stale',
            age: 2 * day + 7_200_000,
            interval: 2 * day,
            text: '2 d old, may be 2 d',
          },
          { kind: 'forced', text: 'forced' },
        ],
        after: [],
        expected: 1234,
        critical: true,
      },
      {
        name: 'first.shops',
        reasons: [{ kind: 'missing', text: 'not in the database yet' }],
        after: [],
        expected: null,
        critical: false,
      },
      {
        name: 'second.数据',
        reasons: [
          { kind: 'follows', upstream: ['first.cities'], text: 'reads first.cities, which is rebuilt' },
        ],
        after: ['first.cities'],
        expected: 84,
        critical: true,
      },
    ],
    fresh: [
      { name: 'first.people', freshUntil: plan.fresh[0]?.freshUntil?.toISOString() },
      { name: 'first.long_name', freshUntil: plan.fresh[1]?.freshUntil?.toISOString() },
      { name: 'first.plain', freshUntil: null },
    ],
    copies: [
      { name: 'first.people', table: 'first.people_history', leftBy: '20261119-030000-0a1b' },
      { name: 'first.cities', table: 'first.cities_history', leftBy: null },
    ],
    removed: ['first.old'],
    refused: [{ name: 'first.shops', error: refused }],
    columns: [{ name: 'first.cities', changes: ['n is new'] }],
    broken: ['view public.v needs n'],
    hidden,
  })
})

test('as JSON, without work', () => {
  expect(planJson(nothing, { now, concurrency: 4, copies: [], trials: [], hidden: [] })).toEqual({
    version: 1,
    type: 'plan',
    work: false,
    concurrency: 4,
    expected: 0,
    ends: null,
    views: [],
    fresh: [],
    copies: [],
    removed: [],
    refused: [],
    columns: [],
    broken: [],
    hidden: [],
  })
})
