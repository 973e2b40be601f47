import { expect, test } from 'vitest'
import { createColors, noColors } from '../../../../src/cli/colors.ts'
import {
  describeChange,
  formatMovedTotals,
  formatTotal,
  formatTotals,
} from '../../../../src/cli/report/format-totals.ts'
import type { TotalsComparison } from '../../../../src/events.ts'

const comparisons: readonly TotalsComparison[] = [
  { view: 'first.cities', total: 'rows', before: '120', after: '120', verdict: 'same' },
  { view: 'first.数据', total: 'rows', before: '1234567', after: '1300000', verdict: 'changed' },
  {
    view: 'first.数据',
    total: 'amount',
    before: '98765432109876543210.55',
    after: '98765432109876543000.5',
    verdict: 'decreased',
  },
  { view: 'new.one', total: 'rows', before: null, after: '42', verdict: 'changed' },
  { view: 'new.one', total: 'newest', before: '2026-01-01', after: '2026-01-02', verdict: 'changed' },
  { view: 'new.two', total: 'amount', before: '1000', after: '400', verdict: 'limit-broken' },
]

test('before and after, side by side', () => {
  expect(formatTotals(comparisons, noColors).split('\n')).toEqual([
    'view          total                          before                         after   change',
    'first.cities  rows                              120                           120        0          same',
    'first.数据    rows                        1,234,567                     1,300,000  +65,433   +5.3%  changed',
    'first.数据    amount  98,765,432,109,876,543,210.55  98,765,432,109,876,543,000.5  -210.05   <0.1%  decreased',
    'new.one       rows                                -                            42                   new',
    'new.one       newest                     2026-01-01                    2026-01-02                   changed',
    'new.two       amount                          1,000                           400     -600  -60.0%  limit broken',
  ])
})

test('nothing compared, nothing shown', () => {
  expect(formatTotals([], noColors)).toBe('')
})

test('a person reads what moved, in a table that fits', () => {
  expect(formatMovedTotals(comparisons, noColors, 112).split('\n')).toEqual([
    'view        total                          before                         after   change',
    'first.数据  rows                        1,234,567                     1,300,000  +65,433   +5.3%  changed',
    'first.数据  amount  98,765,432,109,876,543,210.55  98,765,432,109,876,543,000.5  -210.05   <0.1%  decreased',
    'new.one     newest                     2026-01-01                    2026-01-02                   changed',
    'new.two     amount                          1,000                           400     -600  -60.0%  limit broken',
    '1 total is the same as before',
    '1 total is recorded for the first time',
  ])
  expect(formatMovedTotals(comparisons, noColors, 100).split('\n')).toEqual([
    '                                 before                         after   change',
    'first.数据',
    '  rows                        1,234,567                     1,300,000  +65,433   +5.3%',
    '  amount  98,765,432,109,876,543,210.55  98,765,432,109,876,543,000.5  -210.05   <0.1%  decreased',
    'new.one',
    '  newest                     2026-01-01                    2026-01-02',
    'new.two',
    '  amount                          1,000                           400     -600  -60.0%  limit broken',
    '1 total is the same as before',
    '1 total is recorded for the first time',
  ])
})

test('a broken limit is red', () => {
  const table = formatTotals(comparisons.slice(-1), createColors(true))
  expect(table).toContain('\u001b[31mlimit broken\u001b[39m')
})

test.each([
  ['0', '5', { absolute: '+5', percent: '' }],
  ['0', '0', { absolute: '0', percent: '' }],
  ['-10', '-20', { absolute: '-10', percent: '-100.0%' }],
  ['1', '12346', { absolute: '+12,345', percent: '+1,234,500.0%' }],
  ['1e+20', '1e+21', { absolute: '+900,000,000,000,000,000,000', percent: '+900.0%' }],
  ['NaN', '1', null],
  ['1', null, null],
])('from %s to %s', (before, after, change) => {
  expect(describeChange({ before, after, verdict: 'changed' })).toEqual(change)
})

test('what differs only by the errors of floating point has not moved', () => {
  const [before, after] = ['1.66378725288801e+7', '1.66378725288800e+7']
  expect(describeChange({ before, after, verdict: 'same' })).toEqual({ absolute: '0', percent: '' })
})

test.each([
  ['1.66378725288801e+7', '16,637,872.5288801'],
  ['1.25000000000000e+1', '12.5'],
  ['1.00000e+3', '1,000'],
  ['1.00000000000000e+20', '100,000,000,000,000,000,000'],
  ['0.00000000000000e+0', '0'],
  ['-1.50000000000000e-3', '-0.0015'],
  // An exact one shows the digits that it has.
  ['12.500', '12.500'],
  ['NaN', 'NaN'],
  [null, '-'],
])('%s is shown as %s', (total, text) => {
  expect(formatTotal(total)).toBe(text)
})
