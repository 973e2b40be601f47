import { expect, test } from 'vitest'
import { noColors } from '../../../../src/cli/colors.ts'
import {
  formatSamples,
  summarizeTestFailure,
  testFailureDetails,
} from '../../../../src/cli/report/format-test-failure.ts'
import { SqlError } from '../../../../src/errors.ts'
import type { TestFailure } from '../../../../src/events.ts'

const failure: TestFailure = {
  test: 'not_null(customer)',
  message: '2 of 120 rows have no customer',
  file: null,
  line: null,
  samples: [
    { id: '1', customer: null, name: 'Ä\nx', amount: 12.5, meta: { a: 1n } },
    { id: '10234', customer: null, name: '数据', amount: 3, meta: null },
  ],
  error: null,
}

test('one line that says which test of which view', () => {
  expect(summarizeTestFailure('first.cities', failure)).toBe(
    'first.cities: test not_null(customer) failed: 2 of 120 rows have no customer',
  )
})

test('rows that did not hold as a small table', () => {
  expect(testFailureDetails(failure, noColors)).toEqual([
    '     id  customer  name  amount  meta',
    '      1      null  Ä\\nx    12.5  {"a":"1"}',
    '  10234      null  数据       3  null',
  ])
})

test('the place of a test in a file', () => {
  expect(
    testFailureDetails({ ...failure, file: 'views/a_test.sql', line: 12, samples: [] }, noColors),
  ).toEqual(['views/a_test.sql:12'])
})

test('the server’s own place when it refused the test', () => {
  const location = { file: 'views/a_test.sql', line: 2, column: 8, lineText: 'select nmae' }
  const error = new SqlError('test', 'column "nmae" does not exist', { location, hint: 'name?' })
  const refused = { ...failure, message: error.message, samples: [], error }
  expect(testFailureDetails(refused, noColors)).toEqual([
    'views/a_test.sql:2:8',
    '  2 | select nmae',
    '    |        ^',
    'hint: name?',
  ])
})

test('five rows, eight columns and thirty cells are enough', () => {
  const wide = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`c${index}`, 'x']))
  const [header, ...rows] = formatSamples(
    Array.from({ length: 7 }, () => wide),
    noColors,
  )
  expect(header).toBe('  c0  c1  c2  c3  c4  c5  c6  c7  …')
  expect(rows).toHaveLength(5)
  expect(formatSamples([{ a: 'x'.repeat(40) }], noColors)[1]).toBe(`  ${'x'.repeat(29)}…`)
  expect(formatSamples([], noColors)).toEqual([])
})
