import { describe, expect, test } from 'vitest'
import { exitCodeOf, exitCodeOfOutcome } from '../../../src/cli/exit-codes.ts'
import { InterruptedError } from '../../../src/cli/signals.ts'
import { DuroError, ProblemsError, SqlError, type ErrorCode } from '../../../src/errors.ts'

const expected: readonly [ErrorCode, number][] = [
  ['usage', 2],
  ['project', 2],
  ['sql', 2],
  ['graph', 2],
  ['preflight', 1],
  ['connection', 3],
  ['locked', 4],
  ['build', 1],
  ['test', 1],
  ['swap', 1],
  ['validation', 1],
  ['interrupted', 130],
  ['internal', 1],
]

describe('exitCodeOf', () => {
  test.each(expected)('%s → %i', (code, exit) => {
    expect(exitCodeOf(new DuroError(code, 'x'))).toBe(exit)
  })

  test('subclasses count by their code', () => {
    expect(exitCodeOf(new ProblemsError('project', []))).toBe(2)
    expect(exitCodeOf(new SqlError('build', 'x'))).toBe(1)
  })

  test('bugs are failures', () => {
    expect(exitCodeOf(new TypeError('x'))).toBe(1)
    expect(exitCodeOf('x')).toBe(1)
  })

  test('a signal counts as shells do', () => {
    expect(exitCodeOf(new InterruptedError('SIGINT'))).toBe(130)
    expect(exitCodeOf(new InterruptedError('SIGTERM'))).toBe(143)
  })

  test('an interruption wins, however deep it stands', () => {
    const cause = new AggregateError([new Error('x'), new InterruptedError('SIGTERM')])
    expect(exitCodeOf(new DuroError('build', 'x', { cause }))).toBe(143)
  })

  test('the outermost known error decides', () => {
    expect(exitCodeOf(new Error('x', { cause: new DuroError('locked', 'x') }))).toBe(4)
    const cause = new DuroError('connection', 'x')
    expect(exitCodeOf(new DuroError('swap', 'x', { cause }))).toBe(1)
  })

  test('causes in a circle come to an end', () => {
    const error = new Error('x')
    error.cause = error
    expect(exitCodeOf(error)).toBe(1)
  })
})

test.each([
  ['published', 0],
  ['built', 0],
  ['nothing-to-do', 0],
  ['failed', 1],
  ['interrupted', 130],
] as const)('a run that ends as %s exits with %i', (outcome, exit) => {
  expect(exitCodeOfOutcome(outcome)).toBe(exit)
})
