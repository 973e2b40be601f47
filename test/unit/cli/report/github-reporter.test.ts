import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createGithubReporter } from '../../../../src/cli/report/github-reporter.ts'
import { ProblemsError } from '../../../../src/errors.ts'
import type { RunEvent } from '../../../../src/events.ts'
import { fakeOutput } from '../fake-output.ts'
import { buildError, failedBuild, failedTest, fakeContext, goodRun, testError } from './fake-runs.ts'

function play(events: readonly RunEvent[], error?: unknown, summaryFile: string | null = null) {
  const { output, stdout, stderr } = fakeOutput({ secrets: ['hunter2!'] })
  const reporter = createGithubReporter(output, fakeContext({ summaryFile }))
  for (const event of events) reporter.emit(event)
  if (error !== undefined) reporter.error(error)
  reporter.close()
  reporter.close()
  return { stdout: stdout().split('\n'), stderr: stderr().split('\n') }
}

function summaryOf(events: readonly RunEvent[], error?: unknown): string[] {
  const file = join(mkdtempSync(join(tmpdir(), 'duro-')), 'summary.md')
  writeFileSync(file, 'from an earlier step\n')
  play(events, error, file)
  return readFileSync(file, 'utf8').split('\n')
}

test('a group per stage, warnings as annotations, totals on stdout', () => {
  const { stdout, stderr } = play(goodRun)
  expect(stderr).toEqual([
    'run 42: 3 views, 2 at once',
    'note: built with 2 connections',
    '::group::build',
    'first.cities build started',
    'first.cities built in 1.2 s, 120 rows',
    'first.数据 built in 84 ms, 1,234,567 rows',
    'second.child built in 5 ms',
    'build finished in 1.3 s',
    '::endgroup::',
    '::group::swap',
    'swap waits for pid 4711 (metabase) (attempt 1)',
    'swapped in one transaction at attempt 3, readers waited at most 12 ms',
    'swap finished in 3.4 s',
    '::endgroup::',
    '::warning title=first.cities::rows decreased',
    'published 3 views in 4.7 s',
    '',
  ])
  expect(stdout).toHaveLength(3)
})

test('a failed build is annotated in the file of the repository, once', () => {
  expect(play(failedBuild, buildError).stderr.slice(2)).toEqual([
    '::error file=analytics/views/first/数据 — 1h.sql,line=3,col=10,title=first.数据 failed in build::first.数据: division by zero%0A  views/first/数据 — 1h.sql:3:10%0A    3 | select 1 / 0%0A      |          ^%0A  hint: use nullif',
    'second.child skipped, as first.数据 failed',
    'build finished in 10 ms',
    '::endgroup::',
    'failed after 20 ms, nothing was published',
    'error: 1 of 3 views could not be built',
    '  hint: the live views are untouched',
    '',
  ])
})

test('a data test is annotated in its file', () => {
  expect(play(failedTest, testError).stderr.slice(2, 4)).toEqual([
    '::error file=analytics/views/first/cities_test.sql,line=12,title=first.cities%3A statement 2::first.cities: test statement 2 failed: 1 row is false%0Aviews/first/cities_test.sql:12%0A  positive%0A  false',
    'first.cities: 1 of 3 tests failed',
  ])
})

test('every problem of a project is annotated', () => {
  const problems = [
    { file: 'views/a.sql', line: 3, column: 14, message: 'unknown unit', hint: 'use m' },
    { file: 'duro.yaml', message: 'the password hunter2! is wrong' },
  ]
  expect(play([], new ProblemsError('project', problems)).stderr).toEqual([
    '::error file=analytics/views/a.sql,line=3,col=14,title=duro%3A project::unknown unit%0Ause m',
    '::error file=analytics/duro.yaml,title=duro%3A project::the password *** is wrong',
    '',
  ])
})

test('a group that an error cuts short is closed before', () => {
  expect(play([{ type: 'stage-started', stage: 'swap' }], new TypeError('x')).stderr.slice(0, 2)).toEqual([
    '::group::swap',
    '::endgroup::',
  ])
})

test('the summary has the views and the totals', () => {
  expect(summaryOf(goodRun)).toEqual([
    'from an earlier step',
    '### duro: published 3 views in 4.7 s',
    '',
    '| view | outcome | rows | duration |',
    '| --- | --- | ---: | ---: |',
    '| first.cities | built | 120 | 1.2 s |',
    '| first.数据 | built | 1,234,567 | 84 ms |',
    '| second.child | built |  | 5 ms |',
    '',
    '| view | total | before | after | change |  |  |',
    '| --- | --- | ---: | ---: | ---: | ---: | --- |',
    '| first.cities | rows | 130 | 120 | -10 | -7.7% | decreased |',
    '',
  ])
})

test('the summary of a failed run says why', () => {
  expect(summaryOf(failedTest, testError).slice(1, 9)).toEqual([
    '### duro: failed after 20 ms, nothing was published',
    '',
    '- first.cities: test statement 2 failed: 1 row is false',
    '- 1 data test failed, nothing was published',
    '',
    '| view | outcome | rows | duration |',
    '| --- | --- | ---: | ---: |',
    '| first.cities | failed in test |  |  |',
  ])
})

test('a summary that cannot be written is a warning', () => {
  const { stderr } = play(goodRun, undefined, '/nowhere/at/all.md')
  expect(stderr.at(-2)).toMatch(/^::warning::the step summary was not written: .*ENOENT/)
})
