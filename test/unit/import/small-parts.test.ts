import { expect, test } from 'vitest'
import { csvLine } from '../../../src/import/csv.ts'
import { parseExactly } from '../../../src/import/dune/parse-exactly.ts'
import { createOutputTail } from '../../../src/import/output-tail.ts'
import { parseFirstLine } from '../../../src/import/read-csv-header.ts'

test.each<[string, string[] | null]>([
  ['a,b\n1,2', ['a', 'b']],
  ['a\r\n', ['a']],
  ['a', ['a']],
  ['"a ""b""",c\n', ['a "b"', 'c']],
  ['"a,\nb"\n', ['a,\nb']],
  ['\ufeffa,b\n', ['a', 'b']],
  ['a,,b\n', ['a', '', 'b']],
  ['\n', ['']],
  ['', ['']],
  ['"a\n', null],
  ['a"b\n', null],
  ['"a"b\n', null],
])('the first line of %j', (text, names) => {
  expect(parseFirstLine(new TextDecoder().decode(new TextEncoder().encode(text)))).toEqual(names)
})

test('a null is nothing, an empty text is quoted', () => {
  expect(csvLine([null, '', 'a"b', 1.5, true, { x: 1 }])).toBe(',"","a""b",1.5,true,"{""x"":1}"\n')
})

test.each([
  ['{"a":12345678901234567890}', { a: '12345678901234567890' }],
  ['[1.5,-3,1e3,0.1]', [1.5, -3, 1000, 0.1]],
  ['["12345678901234567890 \\" 12345678901234567890"]', ['12345678901234567890 " 12345678901234567890']],
  ['[9007199254740991,9007199254740993]', [9007199254740991, '9007199254740993']],
  ['[0.1000000000000000055]', ['0.1000000000000000055']],
])('%s', (json, value) => {
  expect(parseExactly(json)).toEqual(value)
})

test('the end of what is printed, in whole lines', () => {
  const tail = createOutputTail()
  expect(tail.text()).toBe('')
  tail.add(Buffer.from('one\ntwo\n'))
  expect(tail.text()).toBe('one\ntwo')
  for (let n = 0; n < 100_000; n++) tail.add(Buffer.from(`line ${n}\n`))
  const lines = tail.text().split('\n')
  expect(lines).toHaveLength(21)
  expect([lines[0], lines[1], lines.at(-1)]).toEqual(['…', 'line 99980', 'line 99999'])
})
