import { expect, test } from 'vitest'
import { noColors } from '../../../../src/cli/colors.ts'
import { formatSnippet } from '../../../../src/cli/report/format-snippet.ts'
import { textWidth } from '../../../../src/cli/report/text-width.ts'

function snippet(lineText: string, column: number, { line = 3, columns = 80 } = {}): string {
  return formatSnippet({ file: 'a.sql', line, column, lineText }, noColors, columns).join('\n')
}

test('puts a caret under the column', () => {
  expect(snippet('select 1 / population', 8)).toBe(
    ['3 | select 1 / population', '  |        ^'].join('\n'), //
  )
})

test('the gutter is as wide as the number', () => {
  expect(snippet('x', 1, { line: 1234 })).toBe(['1234 | x', '     | ^'].join('\n'))
})

test('tabs stay tabs in both lines', () => {
  expect(snippet('\t\tselect x', 10)).toBe(['3 | \t\tselect x', '  | \t\t       ^'].join('\n'))
})

test('wide characters count two cells, and one column each', () => {
  expect(snippet("select '数据🎉' / 0", 14)).toBe(
    ["3 | select '数据🎉' / 0", '  |                 ^'].join('\n'),
  )
})

test('a column past the end points behind the line', () => {
  expect(snippet('select', 7)).toBe(['3 | select', '  |       ^'].join('\n'))
  expect(snippet('', 1)).toBe(['3 |', '  | ^'].join('\n'))
})

test('control characters are spelled out, and the caret still meets its column', () => {
  expect(snippet('a\u001bb', 3)).toBe(['3 | a\\u001bb', '  |        ^'].join('\n'))
})

test('a long line is cut around the caret', () => {
  const line = 'select a_rather_long_name, another_one, 1 / zero as the_last_of_them from first.cities'
  expect(snippet(line, 41, { columns: 44 })).toBe(
    ['3 | …nother_one, 1 / zero as the_last_of_th…', '  |              ^'].join('\n'),
  )
})

test('a long line is cut at one side only where that is enough', () => {
  const line = `select ${'x'.repeat(60)} end`
  expect(snippet(line, 1, { columns: 30 })).toBe(
    ['3 | select xxxxxxxxxxxxxxxxx…', '  | ^'].join('\n'), //
  )
  expect(snippet(line, 69, { columns: 30 })).toBe(
    ['3 | …xxxxxxxxxxxxxxxxxxxx end', '  |                       ^'].join('\n'),
  )
})

test('never wider than asked, wherever the error stands', () => {
  const line = `select ${'数据, abc '.repeat(40)}`
  for (let column = 1; column < line.length + 2; column++) {
    const [text = '', caret = ''] = snippet(line, column, { columns: 50 }).split('\n')
    expect(textWidth(text)).toBeLessThanOrEqual(50)
    expect(textWidth(caret)).toBeLessThanOrEqual(51)
  }
})
