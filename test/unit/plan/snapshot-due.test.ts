import { expect, test } from 'vitest'

import { isSnapshotDue } from '../../../src/plan/snapshot-due.ts'

const HOUR = 3_600_000
const at = (hours: number): Date => new Date(hours * HOUR)
/** Of a view that is copied once a day. */
const due = (hours: number, previous: number | null): boolean =>
  isSnapshotDue({
    interval: 24 * HOUR,
    last: at(0),
    at: at(hours),
    previous: previous === null ? null : at(previous),
  })

test('the first version is copied', () => {
  expect(isSnapshotDue({ interval: HOUR, last: null, at: at(0), previous: null })).toBe(true)
})

test('the version that comes nearest to the due time is copied', () => {
  expect(due(23.99, 0)).toBe(true)
  expect(due(22, 0)).toBe(false)
  expect(due(23, 22)).toBe(false)
  expect(due(23.9, 22.9)).toBe(true)
  expect(due(24, 23)).toBe(true)
  expect(due(23.9, null)).toBe(false)
  expect(due(23.98, null)).toBe(true)
})
