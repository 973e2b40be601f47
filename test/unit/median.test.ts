import { expect, it } from 'vitest'
import { median } from '../../src/median.ts'

it('is the one in the middle, so that one odd number does not count', () => {
  expect(median([10, 9_000, 12])).toBe(12)
  expect(median([20, 10])).toBe(15)
  expect(median([])).toBeNull()
})
