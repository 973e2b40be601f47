import { expect, test } from 'vitest'

import { copyRows } from '../../../../src/cli/actions/history-of-view.ts'
import { noColors } from '../../../../src/cli/colors.ts'
import { formatCopies } from '../../../../src/cli/report/format-copies.ts'

const day = (number: number): Date => new Date(2026, 10, number, 3)
const noted = { view: 'first.base', written_by: null, row_count: null, outcome: null }

test('what is kept, what is due, what was missed, and what nobody knows', () => {
  const rows = copyRows(
    [
      { takenAt: day(4), rows: 1200 },
      { takenAt: day(2), rows: 7 },
      { takenAt: day(1), rows: 5 },
    ],
    [
      { ...noted, run_id: 'e', taken_at: day(5) },
      { ...noted, run_id: 'd', taken_at: day(4), outcome: 'written', written_by: 'd', row_count: 1200 },
      { ...noted, run_id: 'c', taken_at: day(3), outcome: 'missed' },
      { ...noted, run_id: 'b', taken_at: day(2), outcome: 'written', written_by: 'bb', row_count: 7 },
    ],
  )
  expect(
    formatCopies('first.base', { table: 'first.base_history', rows, isAsked: true }, noColors).split('\n'),
  ).toEqual([
    'in first.base_history',
    'snapshot_timestamp    rows  run',
    '2026-11-05 03:00:00      -  -    not written yet',
    '2026-11-04 03:00:00  1,200  d',
    '2026-11-03 03:00:00      -  -    missed: its version was replaced before',
    '2026-11-02 03:00:00      7  bb   published by b',
    '2026-11-01 03:00:00      5  -',
  ])
})

test('a copy of an empty view is a copy', () => {
  const written = {
    ...noted,
    run_id: 'a',
    taken_at: day(1),
    outcome: 'written',
    written_by: 'a',
    row_count: 0,
  }
  expect(copyRows([], [written])).toEqual([
    { taken: day(1), rows: 0, run: 'a', published: 'a', state: 'kept' },
  ])
})

test('without any copies', () => {
  const none = { table: null, rows: [] }
  expect(formatCopies('a.b', { ...none, isAsked: true }, noColors)).toBe(
    'No copy of a.b yet: the next publication brings the first.',
  )
  expect(formatCopies('a.b', { ...none, isAsked: false }, noColors)).toContain('"snapshots_interval: 24h"')
})
