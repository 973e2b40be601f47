import { expect, test } from 'vitest'
import { formatMoment, formatTime } from '../../../../src/cli/report/format-time.ts'

const now = new Date(2026, 10, 20, 10, 0, 3)

test('local time for logs', () => {
  expect(formatTime(now)).toBe('2026-11-20 10:00:03')
})

test('the day is left out where it is today', () => {
  expect(formatMoment(new Date(2026, 10, 20, 23, 5), now)).toBe('23:05')
  expect(formatMoment(new Date(2026, 10, 21, 0, 5), now)).toBe('2026-11-21 00:05')
})
