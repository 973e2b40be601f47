import { describe, expect, it } from 'vitest'
import { criticalPath, lowerBound, remainingPaths, type Task } from '../../../src/graph/critical-path.ts'

const diamond: Task[] = [
  { name: 'a', after: [] },
  { name: 'b', after: ['a'] },
  { name: 'c', after: ['a'] },
  { name: 'd', after: ['b', 'c', 'not in the plan'] },
]
const durations = new Map([
  ['a', 1],
  ['b', 2],
  ['c', 5],
  ['d', 3],
])

describe('remainingPaths', () => {
  it('counts a view and the longest way below it', () => {
    expect(remainingPaths(diamond, durations)).toEqual(
      new Map([
        ['d', 3],
        ['c', 8],
        ['b', 5],
        ['a', 9],
      ]),
    )
  })
})

describe('criticalPath', () => {
  it('is the longest path, upstream first', () => {
    expect(criticalPath(diamond, durations)).toEqual(['a', 'c', 'd'])
  })

  it('takes what comes first among equals', () => {
    expect(criticalPath(diamond, new Map(diamond.map(({ name }) => [name, 1])))).toEqual(['a', 'b', 'd'])
  })

  it('is empty without views', () => {
    expect(criticalPath([], new Map())).toEqual([])
  })
})

describe('lowerBound', () => {
  it('is the longest path, or the work shared out', () => {
    expect(lowerBound(diamond, durations, 2)).toBe(9)
    expect(lowerBound(diamond, durations, 1)).toBe(11)
  })
})
