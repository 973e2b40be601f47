import { expect, test } from 'vitest'
import { aboutView, withoutView } from '../../../../src/cli/report/about-view.ts'

test.each([
  ['a.b: division by zero', 'division by zero'],
  ['a.b could not be built: division by zero', 'division by zero'],
  ['a.bc could not be built: division by zero', 'a.bc could not be built: division by zero'],
  ['division by zero in a.b: yes', 'division by zero in a.b: yes'],
])('below a.b, %j is %j', (message, short) => {
  expect(withoutView('a.b', message)).toBe(short)
})

test('a message that does not name its view gets the name', () => {
  expect(aboutView('a.b', 'rows decreased')).toBe('a.b: rows decreased')
  expect(aboutView('a.b', 'rows of a.b decreased')).toBe('rows of a.b decreased')
})
