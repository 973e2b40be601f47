import { expect, test } from 'vitest'
import { noColors } from '../../../../src/cli/colors.ts'
import { formatRuns, formatRunViews, type RunRow } from '../../../../src/cli/report/format-history.ts'

test('runs', () => {
  const began = new Date(2026, 10, 20, 10, 0, 3)
  const runs = [
    {
      id: '43',
      began,
      duration: null,
      outcome: 'running',
      built: 0,
      published: 0,
      failed: 0,
      who: 'joan@host',
      commit: null,
      dirty: null,
    },
    {
      id: '9',
      began,
      duration: 125_000,
      outcome: 'failed',
      built: 8,
      published: 0,
      failed: 1,
      who: 'etl@host',
      commit: null,
      dirty: null,
    },
    {
      id: '8',
      began,
      duration: 84,
      outcome: 'nothing-to-do',
      built: 0,
      published: 0,
      failed: 0,
      who: 'etl@host',
      commit: null,
      dirty: null,
    },
  ] as const
  expect(formatRuns(runs, noColors).split('\n')).toEqual([
    'run  began                 duration  outcome        built  published  failed  who',
    ' 43  2026-11-20 10:00:03          -  running            0          0       0  joan@host',
    '  9  2026-11-20 10:00:03  2 min 5 s  failed             8          0       1  etl@host',
    '  8  2026-11-20 10:00:03      84 ms  nothing to do      0          0       0  etl@host',
  ])
  expect(formatRuns([], noColors)).toBe('No runs yet.')
})

test('the views of a run, with the stages that any of them reached', () => {
  const views = [
    {
      view: 'first.cities',
      outcome: 'built',
      rows: '1234567',
      stages: { build: 1234, test: 84 },
      error: null,
    },
    {
      view: 'first.数据',
      outcome: 'failed',
      rows: null,
      stages: { build: 5 },
      error: 'division by zero\nmore',
    },
    { view: 'second.child', outcome: 'skipped', rows: null, stages: {}, error: null },
  ] as const
  expect(formatRunViews(views, noColors).split('\n')).toEqual([
    'view          outcome       rows  build   test',
    'first.cities  built    1,234,567  1.2 s  84 ms',
    'first.数据    failed           -   5 ms      -  division by zero',
    'second.child  skipped          -      -      -',
  ])
  expect(formatRunViews([], noColors)).toBe('No views in this run.')
})

test('runs of a folder in a Git repository name the commit, and mark what differed from it', () => {
  const run: RunRow = {
    id: '1',
    began: new Date(2026, 10, 20, 10, 0, 3),
    duration: 84,
    outcome: 'published',
    built: 1,
    published: 1,
    failed: 0,
    who: 'etl@host',
    commit: '4f2a91c0d3b7e6a5',
    dirty: false,
  }
  const runs = [{ ...run, dirty: true }, run, { ...run, commit: null, dirty: null }]
  const column = formatRuns(runs, noColors)
    .split('\n')
    .map((line) => line.split(/ +/).at(-1))
  expect(column).toEqual(['commit', '4f2a91c0+', '4f2a91c0', '-'])
})
