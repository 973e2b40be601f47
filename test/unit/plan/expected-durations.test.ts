import { describe, expect, it } from 'vitest'
import { guessDurations, usualDuration } from '../../../src/plan/expected-durations.ts'

describe('usualDuration', () => {
  it('is the median, so one odd night does not count', () => {
    expect(usualDuration([10, 9_000, 12])).toBe(12)
    expect(usualDuration([10, 20])).toBe(15)
    expect(usualDuration([])).toBeNull()
  })

  it('forgets all but the last eleven builds', () => {
    expect(usualDuration([...Array<number>(11).fill(5), ...Array<number>(100).fill(1)])).toBe(5)
  })
})

describe('guessDurations', () => {
  it('takes an unknown view for one like the others', () => {
    const views = [4, null, 6, 8].map((expected, index) => ({ name: `v${index}`, expected }))
    expect([...guessDurations(views).values()]).toEqual([4, 6, 6, 8])
  })

  it('counts views where nothing is known', () => {
    expect([...guessDurations([{ name: 'a', expected: null }]).values()]).toEqual([1])
  })
})
