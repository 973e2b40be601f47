import { describe, expect, it } from 'vitest'
import { guessDurations } from '../../../src/plan/expected-durations.ts'

describe('guessDurations', () => {
  it('takes an unknown view for one like the others', () => {
    const views = [4, null, 6, 8].map((expected, index) => ({ name: `v${index}`, expected }))
    expect([...guessDurations(views).values()]).toEqual([4, 6, 6, 8])
  })

  it('counts views where nothing is known', () => {
    expect([...guessDurations([{ name: 'a', expected: null }]).values()]).toEqual([1])
  })
})
