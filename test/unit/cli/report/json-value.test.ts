import { expect, test } from 'vitest'
import { toJsonValue } from '../../../../src/cli/report/json-value.ts'
import { DuroError, ProblemsError, SqlError } from '../../../../src/errors.ts'

test.each([
  ['a', 'a'],
  [1.5, 1.5],
  [NaN, 'NaN'],
  [12_345_678_901_234_567_890n, '12345678901234567890'],
  [undefined, null],
  [() => 1, null],
  [new Date(Date.UTC(2026, 10, 20)), '2026-11-20T00:00:00.000Z'],
  [new Date(NaN), null],
  [Buffer.from([0, 255]), String.raw`\x00ff`],
  [new Set([1n]), ['1']],
  [new Map([['a', 1n]]), { a: '1' }],
  [
    [undefined, null],
    [null, null],
  ],
  [{ a: undefined, b: null }, { b: null }],
])('%o', (value, json) => {
  expect(toJsonValue(value)).toEqual(json)
})

test('a circle ends in null, and a thing named twice is there twice', () => {
  const shared = { x: 1 }
  const circle: Record<string, unknown> = { a: shared, b: shared }
  circle['self'] = circle
  expect(toJsonValue(circle)).toEqual({ a: { x: 1 }, b: { x: 1 }, self: null })
})

test('errors keep all that they say', () => {
  const location = { file: 'a.sql', line: 1, column: 2, lineText: 'x' }
  const error = new SqlError('build', 'm', {
    hint: 'h',
    detail: 'd',
    sqlState: '22012',
    location,
    cause: new Error('c'),
  })
  expect(toJsonValue({ error })).toEqual({
    error: {
      code: 'build',
      message: 'm',
      hint: 'h',
      detail: 'd',
      sqlState: '22012',
      location,
      cause: { code: 'internal', message: 'c' },
    },
  })
  expect(toJsonValue(new DuroError('usage', 'm'))).toEqual({ code: 'usage', message: 'm' })
  expect(toJsonValue(new ProblemsError('project', [{ file: 'a', message: 'm', hint: undefined }]))).toEqual({
    code: 'project',
    message: '1 problem found, nothing was run',
    problems: [{ file: 'a', message: 'm' }],
  })
  expect(toJsonValue(new AggregateError([new Error('a')], 'm'))).toEqual({
    code: 'internal',
    message: 'm',
    errors: [{ code: 'internal', message: 'a' }],
  })
})
