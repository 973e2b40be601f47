import { expect, test } from 'vitest'
import { noColors } from '../../../../src/cli/colors.ts'
import { formatPlan } from '../../../../src/cli/report/format-plan.ts'
import { planJson } from '../../../../src/cli/report/plan-json.ts'
import type { Plan } from '../../../../src/plan/plan.ts'

const now = new Date(2026, 10, 20, 10, 0, 3)
const day = 86_400_000

const plan: Plan = {
  views: [
    {
      name: 'first.cities',
      reasons: [{ kind: 'stale', age: 2 * day + 7_200_000, interval: 2 * day }, { kind: 'forced' }],
      after: [],
      expected: 1234,
      critical: true,
    },
    { name: 'first.shops', reasons: [{ kind: 'missing' }], after: [], expected: null, critical: false },
    {
      name: 'second.数据',
      reasons: [{ kind: 'follows', upstream: ['first.cities'] }],
      after: ['first.cities'],
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
  expect(formatPlan(plan, { now }, noColors).split('\n')).toEqual([
    '3 views to build, about 2 min 5 s',
    '  1  * first.cities  1.2 s  2 d old, may be 2 d; forced',
    '  2    first.shops       -  not in the database yet',
    '  3  * second.数据   84 ms  reads first.cities, which is rebuilt',
    '  * on the longest path, which sets how long the run takes',
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
  expect(formatPlan(single, { now }, noColors).split('\n')).toEqual([
    '1 view to build',
    '  1  first.cities  1.2 s  2 d old, may be 2 d; forced',
  ])
})

test('nothing to do', () => {
  expect(formatPlan(nothing, { now }, noColors)).toBe('Nothing to do.')
  expect(formatPlan({ ...nothing, fresh: plan.fresh.slice(0, 1) }, { now }, noColors).split('\n')).toEqual([
    'Nothing to do: 1 view is fresh.',
    '  first.people  fresh until 10:42',
  ])
})

test('as JSON', () => {
  const json = planJson(plan)
  expect(json).toMatchObject({
    version: 1,
    type: 'plan',
    work: true,
    expected: 125_000,
    removed: ['first.old'],
  })
  expect(json.views[2]).toEqual({
    name: 'second.数据',
    reasons: [{ kind: 'follows', upstream: ['first.cities'], text: 'reads first.cities, which is rebuilt' }],
    after: ['first.cities'],
    expected: 84,
    critical: true,
  })
  expect(json.fresh[0]).toEqual({
    name: 'first.people',
    freshUntil: plan.fresh[0]?.freshUntil?.toISOString(),
  })
  expect(json.fresh[2]).toEqual({ name: 'first.plain', freshUntil: null })
  expect(planJson(nothing).work).toBe(false)
})
