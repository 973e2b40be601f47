import { describe, expect, test } from 'vitest'
import { createColors, noColors } from '../../../../src/cli/colors.ts'
import { formatError, type ErrorFormat } from '../../../../src/cli/report/format-error.ts'
import { InterruptedError } from '../../../../src/cli/signals.ts'
import { DuroError, ProblemsError, SqlError } from '../../../../src/errors.ts'

function format(error: unknown, options: ErrorFormat = {}): string[] {
  return formatError(error, noColors, options).split('\n')
}

const divisionByZero = new SqlError('build', 'first.cities: division by zero', {
  sqlState: '22012',
  detail: 'one line\nand another',
  hint: 'use nullif',
  location: { file: 'views/first/cities — 24h.sql', line: 3, column: 10, lineText: 'select 1 / 0' },
})

describe('duro’s own errors', () => {
  test('message and hint', () => {
    expect(format(new DuroError('usage', 'no view matches x', { hint: 'did you mean y?\nor z?' }))).toEqual([
      'error: no view matches x',
      '  hint: did you mean y?',
      '        or z?',
    ])
  })

  test('an error in SQL points into the file', () => {
    expect(format(divisionByZero)).toEqual([
      'error: first.cities: division by zero',
      '  views/first/cities — 24h.sql:3:10',
      '    3 | select 1 / 0',
      '      |          ^',
      '  detail: one line',
      '          and another',
      '  hint: use nullif',
    ])
  })

  test('below a line that names the view, without label and name', () => {
    expect(format(divisionByZero, { below: 'first.cities' })[0]).toBe('division by zero')
  })

  test('problems in their order, then how many', () => {
    const error = new ProblemsError('project', [
      { file: 'views/b.sql', line: 3, column: 14, message: 'unknown unit `y`', hint: 'use m, h, d or w' },
      { file: 'views/a.conf', line: 2, message: 'unknown key' },
      { file: 'duro.yaml', message: 'is not readable' },
    ])
    expect(format(error)).toEqual([
      'views/b.sql:3:14  unknown unit `y`',
      '  hint: use m, h, d or w',
      'views/a.conf:2  unknown key',
      'duro.yaml  is not readable',
      'error: 3 problems found, nothing was run',
    ])
  })

  test('an interruption is no error', () => {
    expect(format(new InterruptedError('SIGINT'))).toEqual(['interrupted by SIGINT'])
  })

  test('in colours', () => {
    expect(formatError(new DuroError('usage', 'x', { hint: 'y' }), createColors(true))).toBe(
      '\u001b[1m\u001b[31merror:\u001b[39m\u001b[22m \u001b[1mx\u001b[22m\n  \u001b[2mhint:\u001b[22m y',
    )
  })

  test('control characters from a server move no cursor', () => {
    expect(format(new SqlError('build', 'bad \u001b[2J'))).toEqual(['error: bad \\u001b[2J'])
  })
})

describe('causes', () => {
  test('are told when they add something', () => {
    const cause = new Error('ECONNREFUSED 127.0.0.1:5432')
    expect(
      format(new DuroError('connection', 'the database cannot be reached', { cause, hint: 'is it up?' })),
    ).toEqual([
      'error: the database cannot be reached',
      '  cause: ECONNREFUSED 127.0.0.1:5432',
      '  hint: is it up?',
    ])
  })

  test('are not told when the message has it', () => {
    const cause = new Error('refused')
    expect(format(new DuroError('connection', 'not reached: refused', { cause }))).toEqual([
      'error: not reached: refused',
    ])
  })

  test('bring their place in the SQL along', () => {
    expect(format(new DuroError('build', 'a build failed', { cause: divisionByZero }))).toEqual([
      'error: a build failed',
      '  cause: first.cities: division by zero',
      '  views/first/cities — 24h.sql:3:10',
      '    3 | select 1 / 0',
      '      |          ^',
      '  detail: one line',
      '          and another',
      '  hint: use nullif',
    ])
  })

  test('that were printed before are left out', () => {
    const error = new DuroError('build', 'a build failed', { cause: divisionByZero })
    expect(format(error, { known: new Set<unknown>([divisionByZero]) })).toEqual(['error: a build failed'])
  })

  test('joined errors are all told, and node’s without a message by their parts', () => {
    const cause = new AggregateError([new Error('::1 refused'), new Error('127.0.0.1 refused')])
    expect(format(new DuroError('connection', 'not reached', { cause }))).toEqual([
      'error: not reached',
      '  cause: ::1 refused, 127.0.0.1 refused',
    ])
  })

  test('a rollback that failed as well', () => {
    const error = new DuroError('swap', 'the swap failed', {
      cause: new AggregateError(
        [new Error('deadlock'), new Error('connection lost')],
        'and could not be undone',
      ),
    })
    expect(format(error)).toEqual([
      'error: the swap failed',
      '  cause: and could not be undone',
      '  cause: deadlock',
      '  cause: connection lost',
    ])
  })

  test('in a circle come to an end', () => {
    const error = new DuroError('build', 'x')
    error.cause = error
    expect(format(error)).toEqual(['error: x'])
  })
})

describe('bugs', () => {
  const bug = '  hint: this is a bug in duro; set DURO_DEBUG=1 for the stack'

  test.each([
    [new TypeError('x is not a function'), 'error: x is not a function'],
    [new TypeError(), 'error: TypeError'],
    ['a string', 'error: a string'],
    [undefined, 'error: undefined'],
    [new DuroError('internal', 'no such stage'), 'error: no such stage'],
  ])('%s', (error, first) => {
    expect(format(error)).toEqual([first, bug])
  })

  test('show their stack to developers only', () => {
    const lines = format(new TypeError('x'), { debug: true })
    expect(lines[0]).toBe('error: x')
    expect(lines[1]).toMatch(/^ +at .*format-error\.test\.ts/)
  })
})
