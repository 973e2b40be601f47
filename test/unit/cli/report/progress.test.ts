import { expect, test } from 'vitest'
import { advance, describeProgress, notStarted } from '../../../../src/cli/report/progress.ts'
import type { RunEvent } from '../../../../src/events.ts'

function after(events: readonly RunEvent[], { seconds = 12, columns = 80 } = {}): string {
  const progress = events.reduce((before, event) => advance(before, event, 0), notStarted)
  return describeProgress(progress, seconds * 1000, columns)
}

const started: readonly RunEvent[] = [
  { type: 'run-started', runId: '1', views: ['a.a', 'a.b', 'a.c'], concurrency: 2 },
  { type: 'stage-started', stage: 'build' },
  { type: 'view-started', stage: 'build', view: 'a.a' },
  { type: 'view-started', stage: 'build', view: 'a.b' },
]

test('stage, count, time and the views in work', () => {
  expect(after(started)).toBe('build  0/3  12 s  a.a, a.b')
  expect(after(started, { seconds: 125.9 })).toBe('build  0/3  2 min 5 s  a.a, a.b')
})

test('counts what is through, for better or worse', () => {
  expect(
    after([
      ...started,
      { type: 'view-finished', stage: 'build', view: 'a.a', duration: 1, rows: 1 },
      { type: 'view-failed', stage: 'build', view: 'a.b', error: new Error('x') },
      { type: 'view-skipped', view: 'a.c', because: 'a.b' },
    ]),
  ).toBe('build  2/2  12 s')
})

test('a narrow terminal loses the names first', () => {
  expect(after(started, { columns: 20 })).toBe('build  0/3  12 s  a…')
})

test('nothing between the stages', () => {
  expect(after([...started, { type: 'stage-finished', stage: 'build', duration: 1 }])).toBe('')
})

test('what a run waits for', () => {
  expect(after([{ type: 'waiting-for-lock', holder: 'run 41' }])).toBe(
    '12 s  waiting for another run to end: run 41',
  )
  const swap: readonly RunEvent[] = [
    { type: 'stage-started', stage: 'swap' },
    { type: 'swap-attempt', attempt: 1, outcome: 'blocked', blockers: ['pid 1', 'pid 2'], lockedFor: null },
  ]
  expect(after(swap)).toBe('swap  12 s  waiting for pid 1, pid 2')
})
