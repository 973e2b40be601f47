import { expect, test } from 'vitest'
import { createPlainReporter } from '../../../../src/cli/report/plain-reporter.ts'
import { ProblemsError } from '../../../../src/errors.ts'
import type { RunEvent } from '../../../../src/events.ts'
import { fakeOutput } from '../fake-output.ts'
import { buildError, failedBuild, failedTest, fakeContext, goodRun, testError } from './fake-runs.ts'

function play(events: readonly RunEvent[], error?: unknown): { stdout: string[]; stderr: string[] } {
  const { output, stdout, stderr } = fakeOutput()
  const reporter = createPlainReporter(output, fakeContext())
  for (const event of events) reporter.emit(event)
  if (error !== undefined) reporter.error(error)
  reporter.close()
  return { stdout: stdout().split('\n'), stderr: stderr().split('\n') }
}

test('a line with its time per event, and the totals on stdout at the end', () => {
  const { stdout, stderr } = play(goodRun)
  expect(stderr).toEqual([
    '2026-11-20 10:00:03 run 42: 3 views, 2 at once',
    '2026-11-20 10:00:03 note: built with 2 connections',
    '2026-11-20 10:00:03 build started',
    '2026-11-20 10:00:03 first.cities build started',
    '2026-11-20 10:00:03 first.cities built in 1.2 s, 120 rows',
    '2026-11-20 10:00:03 first.数据 built in 84 ms, 1,234,567 rows',
    '2026-11-20 10:00:03 second.child built in 5 ms',
    '2026-11-20 10:00:03 build finished in 1.3 s',
    '2026-11-20 10:00:03 swap started',
    '2026-11-20 10:00:03 swap waits for pid 4711 (metabase) (attempt 1)',
    '2026-11-20 10:00:03 swapped in one transaction at attempt 3, readers waited at most 12 ms',
    '2026-11-20 10:00:03 swap finished in 3.4 s',
    '2026-11-20 10:00:03 warning: first.cities: rows decreased',
    '2026-11-20 10:00:03 published 3 views in 4.7 s',
    '',
  ])
  expect(stdout).toEqual([
    'view          total  before  after  change',
    'first.cities  rows      130    120     -10  -7.7%  decreased',
    '',
  ])
})

test('a failure is told at once and once', () => {
  expect(play(failedBuild, buildError).stderr.slice(2)).toEqual([
    '2026-11-20 10:00:03 first.数据 failed in build: division by zero',
    '  views/first/数据 — 1h.sql:3:10',
    '    3 | select 1 / 0',
    '      |          ^',
    '  hint: use nullif',
    '2026-11-20 10:00:03 second.child skipped, as first.数据 failed',
    '2026-11-20 10:00:03 build finished in 10 ms',
    '2026-11-20 10:00:03 failed after 20 ms, nothing was published',
    '2026-11-20 10:00:03 error: 1 of 3 views could not be built',
    '  hint: the live views are untouched',
    '',
  ])
})

test('a data test with its place and rows', () => {
  expect(play(failedTest, testError).stderr.slice(2)).toEqual([
    '2026-11-20 10:00:03 first.cities: test statement 2 failed: 1 row is false',
    '  views/first/cities_test.sql:12',
    '    positive',
    '    false',
    '2026-11-20 10:00:03 first.cities failed in test: 1 of 3 tests failed',
    '2026-11-20 10:00:03 failed after 20 ms, nothing was published',
    '2026-11-20 10:00:03 error: 1 data test failed, nothing was published',
    '',
  ])
})

test('what is wrong before a run has no time', () => {
  expect(
    play([], new ProblemsError('project', [{ file: 'duro.yaml', line: 1, message: 'x' }])).stderr,
  ).toEqual(['duro.yaml:1  x', 'error: 1 problem found, nothing was run', ''])
})
