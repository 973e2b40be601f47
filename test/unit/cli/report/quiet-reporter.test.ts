import { expect, test } from 'vitest'
import { createQuietReporter } from '../../../../src/cli/report/quiet-reporter.ts'
import type { RunEvent } from '../../../../src/events.ts'
import { fakeOutput } from '../fake-output.ts'
import { buildError, failedBuild, failedTest, fakeContext, goodRun, testError } from './fake-runs.ts'

function play(events: readonly RunEvent[], error?: unknown): string[] {
  const { output, stdout, stderr } = fakeOutput()
  const reporter = createQuietReporter(output, fakeContext())
  for (const event of events) reporter.emit(event)
  if (error !== undefined) reporter.error(error)
  reporter.close()
  expect(stdout()).toBe('')
  return stderr().split('\n')
}

test('a good run says nothing', () => {
  expect(play(goodRun)).toEqual([''])
})

test('a failed build', () => {
  expect(play(failedBuild, buildError)).toEqual([
    'first.数据 failed in build',
    '  division by zero',
    '    views/first/数据 — 1h.sql:3:10',
    '      3 | select 1 / 0',
    '        |          ^',
    '    hint: use nullif',
    'error: 1 of 3 views could not be built',
    '  hint: the live views are untouched',
    '',
  ])
})

test('a failed test and the totals that broke a limit', () => {
  expect(play(failedTest, testError)).toEqual([
    'first.cities: test statement 2 failed: 1 row is false',
    '  views/first/cities_test.sql:12',
    '    positive',
    '    false',
    'first.cities failed in test',
    '  1 of 3 tests failed',
    'view          total   before  after  change',
    'first.cities  amount   1,000    400    -600  -60.0%  limit broken',
    'error: 1 data test failed, nothing was published',
    '',
  ])
})

test('a warning, where it is urgent', () => {
  expect(
    play([
      { type: 'warning', message: 'worth a look' },
      { type: 'warning', isUrgent: true, message: 'a foreign key does not hold' },
    ]),
  ).toEqual(['warning: a foreign key does not hold', ''])
})
