import { expect, test } from 'vitest'
import { createJsonReporter } from '../../../../src/cli/report/json-reporter.ts'
import { fakeOutput } from '../fake-output.ts'
import { buildError, failedBuild, fakeContext, goodRun, now } from './fake-runs.ts'

test('an object per event on stdout, nothing on stderr', () => {
  const { output, stdout, stderr } = fakeOutput()
  const reporter = createJsonReporter(output, fakeContext())
  for (const event of goodRun) reporter.emit(event)
  reporter.close()
  expect(stderr()).toBe('')
  const lines = stdout().trimEnd().split('\n')
  expect(lines).toHaveLength(goodRun.length)
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
    goodRun.map((event) => ({ version: 1, time: now.toISOString(), ...event })),
  )
})

test('errors in events and at the end are whole objects', () => {
  const { output, stdout } = fakeOutput()
  const reporter = createJsonReporter(output, fakeContext())
  for (const event of failedBuild.slice(2, 3)) reporter.emit(event)
  reporter.error(buildError)
  reporter.error('a string')
  const error = {
    code: 'build',
    message: 'first.数据: division by zero',
    hint: 'use nullif',
    location: { file: 'views/first/数据 — 1h.sql', line: 3, column: 10, lineText: 'select 1 / 0' },
  }
  const stamp = { version: 1, time: now.toISOString() }
  const { message, hint } = buildError
  expect(
    stdout()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual([
    { ...stamp, type: 'view-failed', stage: 'build', view: 'first.数据', error },
    { ...stamp, type: 'error', error: { code: 'build', message, hint, cause: error } },
    { ...stamp, type: 'error', error: { code: 'internal', message: 'a string' } },
  ])
})
