import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lowerBound, type Task } from '../../../src/graph/critical-path.ts'
import { schedule } from '../../../src/graph/schedule.ts'

describe('schedule', () => {
  it('starts the longest remaining path first', () => {
    const tasks: Task[] = [
      { name: 'long', after: [] },
      { name: 'short 1', after: [] },
      { name: 'short 2', after: [] },
      { name: 'last', after: ['short 2'] },
    ]
    const durations = new Map([
      ['long', 4],
      ['short 1', 1],
      ['short 2', 1],
      ['last', 2],
    ])
    expect(schedule(tasks, durations, 2)).toEqual({
      views: new Map([
        ['long', { begin: 0, end: 4 }],
        ['short 2', { begin: 0, end: 1 }],
        ['last', { begin: 1, end: 3 }],
        ['short 1', { begin: 3, end: 4 }],
      ]),
      makespan: 4,
    })
  })

  it('begins nothing before its upstream, and never more at once than it may', () => {
    fc.assert(
      fc.property(arbitraryTasks, fc.integer({ min: 1, max: 5 }), ({ tasks, durations }, concurrency) => {
        const { views, makespan } = schedule(tasks, durations, concurrency)
        expect(views.size).toBe(tasks.length)
        for (const { name, after } of tasks) {
          const begin = views.get(name)?.begin ?? -1
          for (const before of after) expect(views.get(before)?.end).toBeLessThanOrEqual(begin)
          const atOnce = [...views.values()].filter((other) => other.begin <= begin && begin < other.end)
          expect(atOnce.length).toBeLessThanOrEqual(concurrency)
        }
        expect(makespan).toBeGreaterThanOrEqual(lowerBound(tasks, durations, concurrency) - 1e-9)
        // What Graham proved of list scheduling.
        expect(makespan).toBeLessThanOrEqual(
          (2 - 1 / concurrency) * lowerBound(tasks, durations, concurrency) + 1e-9,
        )
      }),
    )
  })

  it.each([
    ['a chain', (index: number) => (index === 0 ? [] : [index - 1])],
    ['a wide one', (index: number) => (index < 20 ? [] : [index % 20])],
    ['a random one', (index: number) => [index - 1 - noise(index, 40), index - 3 - noise(index + 7, 60)]],
  ])('comes near the bound for 200 views: %s', (_, upstream) => {
    const tasks = Array.from({ length: 200 }, (__, index) => ({
      name: `v${index}`,
      after: upstream(index)
        .filter((each) => each >= 0)
        .map((each) => `v${each}`),
    }))
    const durations = new Map(tasks.map(({ name }, index) => [name, 10 + noise(index, 200)]))
    for (const concurrency of [2, 4, 8]) {
      const { makespan } = schedule(tasks, durations, concurrency)
      expect(makespan / lowerBound(tasks, durations, concurrency)).toBeLessThan(1.05)
    }
  })

  it('takes 10,000 views, wide or deep', () => {
    const wide = Array.from({ length: 10_000 }, (_, index) => ({ name: `v${index}`, after: [] }))
    const deep = wide.map(({ name }, index) => ({ name, after: index === 0 ? [] : [`v${index - 1}`] }))
    const durations = new Map(wide.map(({ name }) => [name, 1]))
    expect(schedule(wide, durations, 4).makespan).toBe(2_500)
    expect(schedule(deep, durations, 4).makespan).toBe(10_000)
  })
})

const arbitraryTasks = fc
  .array(
    fc.record({ duration: fc.integer({ min: 0, max: 9 }), after: fc.array(fc.nat(30), { maxLength: 3 }) }),
    {
      minLength: 1,
      maxLength: 30,
    },
  )
  .map((sketches) => ({
    tasks: sketches.map(({ after }, index) => ({
      name: `v${index}`,
      after: [...new Set(after.filter((each) => each < index).map((each) => `v${each}`))],
    })),
    durations: new Map(sketches.map(({ duration }, index) => [`v${index}`, duration])),
  }))

/** Looks random, and is the same on every run. */
function noise(seed: number, below: number): number {
  return (Math.imul(seed + 1, 2_654_435_761) >>> 8) % below
}
