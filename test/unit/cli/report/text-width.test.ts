import { describe, expect, test } from 'vitest'
import { cutToWidth, padToWidth, printable, textWidth } from '../../../../src/cli/report/text-width.ts'

test.each([
  ['', 0],
  ['cities', 6],
  ['Größe', 5],
  ['Gro\u0308ße', 5], // o with a combining mark
  ['数据表', 6],
  ['ｆｕｌｌ', 8],
  ['한국', 4],
  ['🎉', 2],
  ['👩‍👩‍👧', 2], // one family
  ['🇫🇷', 2],
  ['\u001b[31mred\u001b[39m', 3],
  ['a — b', 5],
])('%j takes %i cells', (text, width) => {
  expect(textWidth(text)).toBe(width)
})

test('pads by cells', () => {
  expect(padToWidth('数据', 6)).toBe('数据  ')
  expect(padToWidth('12', 5, 'right')).toBe('   12')
  expect(padToWidth('longer', 3)).toBe('longer')
})

test.each([
  ['cities', 6, 'cities'],
  ['cities', 5, 'citi…'],
  ['数据表', 5, '数据…'],
  ['数据表', 4, '数…'],
  ['first, second', 8, 'first,…'],
  ['cities', 1, '…'],
  ['cities', 0, ''],
])('%s cut to %i is %s', (text, columns, cut) => {
  expect(cutToWidth(text, columns)).toBe(cut)
})

test.each(['x', '数', '\u0301'])('a text of any length is cut at once: %s', (character) => {
  const cut = cutToWidth(`${'a'.repeat(3)}${character.repeat(5_000_000)}`, 10)
  expect(cut.startsWith('aaa')).toBe(true)
  expect(cut.length).toBeLessThan(1000)
})

describe('printable', () => {
  test('spells out what would move the cursor or turn the text', () => {
    expect(printable('a\u001b[2Jb\n\t\u202ec')).toBe('a\\u001b[2Jb\\n\\t\\u202ec')
  })

  test('keeps what it is told to keep', () => {
    expect(printable('a\tb\nc', 'tabs')).toBe('a\tb\\nc')
    expect(printable('a\tb\nc\r', 'line breaks and tabs')).toBe('a\tb\nc\\r')
  })
})
