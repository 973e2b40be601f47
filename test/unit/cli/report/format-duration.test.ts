import { expect, test } from 'vitest'
import { formatDuration } from '../../../../src/cli/report/format-duration.ts'

test.each([
  [0, '0 ms'],
  [84.4, '84 ms'],
  [999.4, '999 ms'],
  [999.5, '1.0 s'],
  [1234, '1.2 s'],
  [59_949, '59.9 s'],
  [59_950, '1 min'],
  [125_000, '2 min 5 s'],
  [3_599_499, '59 min 59 s'],
  [3_599_500, '1 h'],
  [4_320_000, '1 h 12 min'],
  [86_369_999, '23 h 59 min'],
  [86_400_000, '1 d'],
  [183_600_000, '2 d 3 h'],
  [-5, '0 ms'],
])('%d ms is %s', (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text)
})
