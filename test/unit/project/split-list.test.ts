import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitList } from '../../../src/project/settings/split-list.ts'

test.each([
  ['a, b,c', ['a', 'b', 'c']],
  ['a', ['a']],
  ['', ['']],
  ['a, b,', ['a', 'b']],
  ['coalesce(a, b), lower(c)', ['coalesce(a, b)', 'lower(c)']],
  [`'a, b', "c, d"`, [`'a, b'`, `"c, d"`]],
  [`joan's, jane's`, [`joan's`, `jane's`]],
  [`f('x)', a), b`, [`f('x)', a)`, 'b']],
])('%s', (text, items) => {
  expect(splitList(text).map((item) => item.text)).toEqual(items)
})

test('an item is found again at its index', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', ',', ' ', '(', ')', "'", '"') }), (text) => {
      for (const item of splitList(text)) {
        expect(text.slice(item.index, item.index + item.text.length)).toBe(item.text)
      }
    }),
  )
})
