import type { ReportContext } from '../../../../src/cli/report/reporter.ts'
import { DuroError, SqlError } from '../../../../src/errors.ts'
import type { RunEvent } from '../../../../src/events.ts'

/** At this moment everything in these tests happens. */
export const now = new Date(2026, 10, 20, 10, 0, 3)

export function fakeContext(github: Partial<ReportContext['github']> = {}): ReportContext {
  return {
    now: () => now,
    debug: false,
    github: { summaryFile: null, workspace: '/repo', projectRoot: '/repo/analytics', ...github },
  }
}

const views = ['first.cities', 'first.数据', 'second.child']

export const goodRun: readonly RunEvent[] = [
  { type: 'run-started', runId: '42', views, concurrency: 2 },
  { type: 'notice', message: 'built with 2 connections' },
  { type: 'stage-started', stage: 'build' },
  { type: 'view-started', stage: 'build', view: 'first.cities' },
  { type: 'view-finished', stage: 'build', view: 'first.cities', duration: 1234, rows: 120 },
  { type: 'view-finished', stage: 'build', view: 'first.数据', duration: 84, rows: 1_234_567 },
  { type: 'view-finished', stage: 'build', view: 'second.child', duration: 5, rows: null },
  { type: 'stage-finished', stage: 'build', duration: 1250 },
  { type: 'stage-started', stage: 'swap' },
  { type: 'swap-attempt', attempt: 1, outcome: 'blocked', blockers: ['pid 4711 (metabase)'], lockedFor: 100 },
  { type: 'swap-attempt', attempt: 2, outcome: 'blocked', blockers: ['pid 4711 (metabase)'], lockedFor: 100 },
  { type: 'swap-attempt', attempt: 3, outcome: 'done', blockers: [], lockedFor: 12 },
  { type: 'stage-finished', stage: 'swap', duration: 3402 },
  {
    type: 'totals-compared',
    comparisons: [{ view: 'first.cities', total: 'rows', before: '130', after: '125', verdict: 'changed' }],
  },
  {
    type: 'totals-compared',
    comparisons: [{ view: 'first.cities', total: 'rows', before: '130', after: '120', verdict: 'decreased' }],
  },
  { type: 'warning', message: 'rows decreased', view: 'first.cities' },
  { type: 'run-finished', runId: '42', outcome: 'published', duration: 4700, published: views },
]

const divisionByZero = new SqlError('build', 'first.数据: division by zero', {
  hint: 'use nullif',
  location: { file: 'views/first/数据 — 1h.sql', line: 3, column: 10, lineText: 'select 1 / 0' },
})

/** The build of one view fails, and the error that ends the run has it as its cause. */
export const failedBuild: readonly RunEvent[] = [
  { type: 'run-started', runId: '43', views, concurrency: 1 },
  { type: 'stage-started', stage: 'build' },
  { type: 'view-failed', stage: 'build', view: 'first.数据', error: divisionByZero },
  { type: 'view-skipped', view: 'second.child', because: 'first.数据' },
  { type: 'stage-finished', stage: 'build', duration: 10 },
  { type: 'run-finished', runId: '43', outcome: 'failed', duration: 20, published: [] },
]
export const buildError = new DuroError('build', '1 of 3 views could not be built', {
  cause: divisionByZero,
  hint: 'the live views are untouched',
})

export const failedTest: readonly RunEvent[] = [
  { type: 'run-started', runId: '44', views, concurrency: 1 },
  { type: 'stage-started', stage: 'test' },
  {
    type: 'test-failed',
    view: 'first.cities',
    failure: {
      test: 'statement 2',
      message: '1 row is false',
      file: 'views/first/cities_test.sql',
      line: 12,
      samples: [{ positive: false }],
      error: null,
    },
  },
  {
    type: 'view-failed',
    stage: 'test',
    view: 'first.cities',
    error: new DuroError('test', 'first.cities: 1 of 3 tests failed'),
  },
  {
    type: 'totals-compared',
    comparisons: [
      { view: 'first.cities', total: 'amount', before: '1000', after: '400', verdict: 'limit-broken' },
      { view: 'first.cities', total: 'rows', before: '10', after: '10', verdict: 'same' },
    ],
  },
  { type: 'run-finished', runId: '44', outcome: 'failed', duration: 20, published: [] },
]
export const testError = new DuroError('test', '1 data test failed, nothing was published')
