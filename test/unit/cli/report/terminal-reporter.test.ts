import { expect, test } from 'vitest'
import type { Spinner } from '../../../../src/cli/report/spinner.ts'
import { createTerminalReporter } from '../../../../src/cli/report/terminal-reporter.ts'
import type { RunEvent } from '../../../../src/events.ts'
import { fakeOutput } from '../fake-output.ts'
import { buildError, failedBuild, failedTest, fakeContext, goodRun, testError } from './fake-runs.ts'

interface Played {
  stdout: string[]
  stderr: string[]
  /** What the spinner showed after each event. */
  statuses: string[]
  spinning: boolean
}

function play(events: readonly RunEvent[], error?: unknown, columns = 80): Played {
  const { output, stdout, stderr } = fakeOutput({ isTTY: true, columns, env: { NO_COLOR: '1' } })
  const statuses: string[] = []
  let source: (() => string) | undefined
  const spinner: Spinner = {
    start: (text) => void (source = text),
    update: () => void statuses.push(source?.() ?? ''),
    stop: () => void (source = undefined),
  }
  const reporter = createTerminalReporter(output, fakeContext(), spinner)
  for (const event of events) reporter.emit(event)
  if (error !== undefined) reporter.error(error)
  reporter.close()
  const spinning = source !== undefined
  return { stdout: stdout().split('\n'), stderr: stderr().split('\n'), statuses, spinning }
}

test('finished views stay, aligned; the totals come at the end', () => {
  const { stdout, stderr, spinning } = play(goodRun)
  expect(stderr).toEqual([
    'run 42: 3 views, 2 at once',
    '- built with 2 connections',
    '✓ first.cities           120 rows        1.2 s',
    '✓ first.数据       1,234,567 rows        84 ms',
    '✓ second.child                            5 ms',
    '✓ build                   3 views        1.3 s',
    '✓ swapped in one transaction at attempt 3, readers waited at most 12 ms',
    '✓ swap                                   3.4 s',
    '! first.cities: rows decreased',
    'published 3 views in 4.7 s',
    '',
  ])
  expect(stdout).toEqual([
    '',
    'view          total  before  after  change',
    'first.cities  rows      130    120     -10  -7.7%  decreased',
    '',
  ])
  expect(spinning).toBe(false)
})

test('the spinner says where the run is', () => {
  expect(play(goodRun).statuses.slice(2, 11)).toEqual([
    'build  0/3  0 s',
    'build  0/3  0 s  first.cities',
    'build  1/3  0 s',
    'build  2/3  0 s',
    'build  3/3  0 s',
    '',
    'swap  0 s',
    'swap  0 s  waiting for pid 4711 (metabase)',
    'swap  0 s  waiting for pid 4711 (metabase)',
  ])
})

test('a failure is told at once and once', () => {
  expect(play(failedBuild, buildError).stderr).toEqual([
    'run 43: 3 views, 1 at once',
    '✗ first.数据 failed in build',
    '    division by zero',
    '      views/first/数据 — 1h.sql:3:10',
    '        3 | select 1 / 0',
    '          |          ^',
    '      hint: use nullif',
    '- second.child skipped, as first.数据 failed',
    '✗ build  1 view failed',
    'failed after 20 ms, nothing was published',
    'error: 1 of 3 views could not be built',
    '  hint: the live views are untouched',
    '',
  ])
})

test('one error that stops two views is told once', () => {
  const error = new Error('interrupted')
  const events: readonly RunEvent[] = ['a.a', 'a.b'].map((view) => ({
    type: 'view-failed',
    stage: 'build',
    view,
    error,
  }))
  const { stderr } = play(events)
  expect(stderr.filter((line) => line.includes('interrupted'))).toHaveLength(1)
  expect(stderr.filter((line) => line.includes('failed in build'))).toHaveLength(2)
})

test('a data test with its place and rows', () => {
  expect(play(failedTest, testError).stderr.slice(1, 7)).toEqual([
    '✗ first.cities: test statement 2 failed: 1 row is false',
    '    views/first/cities_test.sql:12',
    '      positive',
    '      false',
    '✗ first.cities failed in test',
    '    1 of 3 tests failed',
  ])
})

test('a narrow terminal has no columns, and lines that fit', () => {
  expect(play(goodRun, undefined, 30).stderr.slice(2, 6)).toEqual([
    '✓ first.cities  120 rows  1.…',
    '✓ first.数据  1,234,567 rows…',
    '✓ second.child  5 ms',
    '✓ build  3 views  1.3 s',
  ])
})
