import { expect, test } from 'vitest'

import { compareTotals } from '../../../src/pipeline/compare-totals.ts'
import type { Limit } from '../../../src/project/view-settings.ts'
import { makeProject } from '../graph/make-project.ts'

const percent = (value: number): Limit => ({ value, unit: 'percent' })
const absolute = (value: number): Limit => ({ value, unit: 'absolute' })

test.each<[string | null, string | null, Limit | null, Limit | null, string]>([
  ['200', '200.0', null, null, 'same'],
  ['200', '210', null, null, 'changed'],
  ['200', '190', null, null, 'decreased'],
  [null, '190', percent(5), percent(5), 'changed'],
  ['200', null, null, null, 'decreased'],
  ['200', null, percent(5), null, 'limit-broken'],
  // A limit may be reached, and not passed.
  ['200', '190', percent(5), null, 'decreased'],
  ['200', '189.99', percent(5), null, 'limit-broken'],
  ['200', '190', absolute(10), null, 'decreased'],
  ['200', '189.99', absolute(10), null, 'limit-broken'],
  ['200', '210', null, percent(5), 'changed'],
  ['200', '210.01', null, percent(5), 'limit-broken'],
  ['200', '210.01', percent(5), null, 'changed'],
  // Below zero a percentage is one of the size, and of zero it is nothing.
  ['-200', '-210', percent(5), null, 'decreased'],
  ['-200', '-210.01', percent(5), null, 'limit-broken'],
  ['0', '0.01', null, percent(5), 'limit-broken'],
  // Of floating point: the last digits are those of the order in which the rows came.
  ['1.66378725288801e+7', '1.66378725288800e+7', null, null, 'same'],
  ['1.66378725288801e+7', '1.66378725288800e+7', percent(0), null, 'same'],
  ['1.66378725288801e+7', '1.66378723288801e+7', null, null, 'decreased'],
  ['1.66378e+7', '1.66389e+7', percent(0), percent(0), 'same'],
  ['1.66378e+7', '1.66578e+7', null, null, 'changed'],
  ['-1.66378725288801e+7', '1.66378725288801e+7', null, null, 'changed'],
  ['0.00000000000000e+0', '7.73070496506989e-12', percent(0), percent(0), 'same'],
  ['0.00000000000000e+0', '1.00000000000000e-8', null, null, 'changed'],
  ['1.60000e-3', '7.00000e-4', percent(5), null, 'limit-broken'],
  // Recorded before totals of floating point were told apart.
  ['16637872.528880031', '1.66378725288800e+7', null, null, 'same'],
  // Of exact numbers every digit counts.
  ['16637872.528880031', '16637872.528880032', null, null, 'changed'],
  ['NaN', 'NaN', null, null, 'same'],
  // What is no number keeps to no limit, but a number may follow it.
  ['100', 'NaN', percent(5), null, 'limit-broken'],
  ['$100.00', '$1.00', percent(5), null, 'limit-broken'],
  ['NaN', '100', percent(5), null, 'changed'],
  ['NaN', '1.00000000000000e+0', null, null, 'changed'],
])('from %s to %s with at most %j less and %j more is %s', (before, after, less, more, verdict) => {
  const limits = { amount: { maxDecrease: less, maxIncrease: more } }
  const compared = [...makeProject({ 'first.a': { limits } }).views.values()].flatMap((view) =>
    compareTotals(view, { amount: before }, { amount: after }),
  )
  expect(compared).toEqual([{ view: 'first.a', total: 'amount', before, after, verdict }])
})

test('a total may be called like what every object has', () => {
  const view = makeProject({ 'first.a': {} }).views.get('first.a')
  if (view === undefined) throw new Error('no view')
  const compared = compareTotals(view, { rows: '1' }, { rows: '1', valueOf: '5', constructor: '2' })
  expect(compared.map(({ total, before, verdict }) => [total, before, verdict])).toEqual([
    ['rows', '1', 'same'],
    ['valueOf', null, 'changed'],
    ['constructor', null, 'changed'],
  ])
})
