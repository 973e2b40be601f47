import { expect, test } from 'vitest'
import { formatCount, formatNumber } from '../../../../src/cli/report/format-count.ts'

test.each([
  ['0', '0'],
  ['999', '999'],
  ['1000', '1,000'],
  ['-1234567.8910', '-1,234,567.8910'],
  ['+1000', '+1,000'],
  ['1e+20', '1e+20'],
  ['NaN', 'NaN'],
  ['2026-01-01', '2026-01-01'],
])('%s → %s', (text, formatted) => {
  expect(formatNumber(text)).toBe(formatted)
})

test('counts in words', () => {
  expect(formatCount(1, 'view')).toBe('1 view')
  expect(formatCount(0, 'view')).toBe('0 views')
  expect(formatCount(12_345_678_901_234_567_890n, 'row')).toBe('12,345,678,901,234,567,890 rows')
})
