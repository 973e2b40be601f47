import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toleranceOf } from '../../../src/plan/tolerance.ts'
import { DAY, HOUR, makeProject, MINUTE } from '../graph/make-project.ts'
import { cron, simulate } from './simulate.ts'

describe('toleranceOf', () => {
  it('is a twentieth of the interval, and at most half the distance of two runs', () => {
    expect(toleranceOf(HOUR, HOUR)).toBe(3 * MINUTE)
    expect(toleranceOf(HOUR, 5 * MINUTE)).toBe(2.5 * MINUTE)
    expect(toleranceOf(DAY, 5 * MINUTE)).toBe(2.5 * MINUTE)
    expect(toleranceOf(DAY, DAY)).toBe(72 * MINUTE)
  })

  it('is at most two minutes when no earlier run is known', () => {
    expect(toleranceOf(DAY, null)).toBe(2 * MINUTE)
    expect(toleranceOf(10 * MINUTE, null)).toBe(MINUTE / 2)
  })

  it('is never negative, whatever the clocks say', () => {
    expect(toleranceOf(HOUR, -HOUR)).toBe(0)
  })
})

// How often cron starts, how late it may be, the interval, and whether earlier refreshes are known.
const crons: [number, number, number, boolean][] = [
  [HOUR, 90_000, HOUR, false],
  [HOUR, 150_000, HOUR, true],
  [5 * MINUTE, 90_000, HOUR, false],
  [5 * MINUTE, 60_000, HOUR, true],
  [5 * MINUTE, 60_000, DAY, true],
  [5 * MINUTE, 90_000, DAY, false],
  [MINUTE, 10_000, HOUR, true],
  [15 * MINUTE, 20_000, 15 * MINUTE, true],
  // GitHub Actions may be half an hour late.
  [DAY, 30 * MINUTE, DAY, true],
]

describe('a view neither drifts nor is rebuilt twice, though cron and builds begin late', () => {
  it.each(crons)(
    'cron every %i ms, up to %i ms late, interval %i ms, known: %s',
    (every, max, interval, known) => {
      const end = interval === DAY ? 3 * DAY : DAY
      const project = makeProject({ 'a.a': { interval } })
      const untilBuild = fc.integer({ min: 0, max: Math.min(20_000, every / 10) })
      fc.assert(
        fc.property(fc.nat(), untilBuild, (seed, delay) => {
          const starts = cron(every, end, (index) => noise(seed, index) % max)
          const runs = simulate({ project, starts, untilBuild: delay, remembersRefreshes: known })['a.a']
          expect(runs?.map((start) => Math.floor(start / every) * every)).toEqual(cron(interval, end))
        }),
        { numRuns: 20 },
      )
    },
  )
})

/** Any number, and always the same one. */
function noise(seed: number, index: number): number {
  return Math.imul(Math.imul(seed + 1, 2_654_435_761) ^ (index + 1), 2_246_822_519) >>> 4
}
