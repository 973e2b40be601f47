import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatDuration, parseDuration } from '../../../src/project/duration.ts'

describe('parseDuration', () => {
  test.each([
    ['1s', 1_000],
    ['30m', 1_800_000],
    ['24h', 86_400_000],
    ['90d', 7_776_000_000],
    ['2w', 1_209_600_000],
    ['0m', 0],
    ['36525d', 3_155_760_000_000],
  ])('%s', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds)
  })

  test.each([
    '',
    '24',
    'h',
    '24x',
    '24H',
    '1.5h',
    '-1h',
    '1h30m',
    ' 1h',
    '1h\n',
    '36526d',
    '99999999999999w',
  ])('%j is no duration', (text) => {
    expect(parseDuration(text)).toBeNull()
  })
})

describe('formatDuration', () => {
  test.each([
    [0, '0ms'],
    [450, '450ms'],
    [999.6, '1s'],
    [2_340, '2.3s'],
    [59_960, '1m'],
    [90_000, '1m 30s'],
    [3_599_600, '1h'],
    [8_100_000, '2h 15m'],
    [86_399_999, '1d'],
    [97_200_000, '1d 3h'],
  ])('%d ms', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text)
  })

  test('a whole number of hours below a day comes back as it was written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 23 }), (hours) => {
        expect(formatDuration(parseDuration(`${hours}h`) ?? 0)).toBe(`${hours}h`)
      }),
    )
  })
})
